import { DATASOURCE } from './panels.mjs';

/** Of Grafana 10 and 11: https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/ */
const SCHEMA_VERSION = 39;
const COLUMNS = 24;

/**
 * @typedef {{ type: string, gridPos: { h: number, w: number, x: number, y: number } }} Panel
 * @typedef {{ name: string, label: string, query: string, isMany?: boolean }} Variable
 * @param {{ uid: string, title: string, description: string, variables?: Variable[], rows: Record<string, Panel[]> }} what rows: panels by heading
 */
export function dashboard({ uid, title, description, variables = [], rows }) {
  return {
    uid,
    title,
    description,
    tags: ['muxlet'],
    schemaVersion: SCHEMA_VERSION,
    version: 1,
    editable: true,
    graphTooltip: 1,
    fiscalYearStartMonth: 0,
    timezone: 'browser',
    time: { from: 'now-6h', to: 'now' },
    timepicker: {},
    refresh: '30s',
    liveNow: false,
    weekStart: '',
    links: [
      {
        type: 'dashboards',
        title: 'muxlet',
        tags: ['muxlet'],
        asDropdown: false,
        icon: 'external link',
        includeVars: true,
        keepTime: true,
        targetBlank: false,
        tooltip: '',
        url: '',
      },
    ],
    annotations: { list: ANNOTATIONS },
    templating: { list: [SOURCE, ...[INSTANCE, ...variables].map(queryVariable)] },
    panels: layOut(rows),
  };
}

const SOURCE = {
  name: 'datasource',
  label: 'Data source',
  type: 'datasource',
  query: 'prometheus',
  options: [],
  regex: '',
  refresh: 1,
  hide: 0,
  multi: false,
  includeAll: false,
  skipUrlSync: false,
};

/** @type {Variable} */
const INSTANCE = {
  name: 'instance',
  label: 'Controller',
  query: 'label_values(muxlet_build_info, instance)',
  isMany: true,
};

/** @param {Variable} variable */
function queryVariable({ name, label, query, isMany = false }) {
  return {
    name,
    label,
    type: 'query',
    datasource: DATASOURCE,
    definition: query,
    query: { query, refId: `${name}-variable` },
    ...(isMany && { current: { selected: true, text: ['All'], value: ['$__all'] } }),
    options: [],
    regex: '',
    refresh: 2,
    sort: 1,
    hide: 0,
    multi: isMany,
    includeAll: isMany,
    ...(isMany && { allValue: '.*' }),
    skipUrlSync: false,
  };
}

const ANNOTATIONS = [
  {
    builtIn: 1,
    datasource: { type: 'grafana', uid: '-- Grafana --' },
    enable: true,
    hide: true,
    iconColor: 'rgba(0, 211, 255, 1)',
    name: 'Annotations & Alerts',
    type: 'dashboard',
  },
  annotation({
    name: 'Controller started',
    iconColor: 'blue',
    expr: 'changes(process_start_time_seconds{job="muxlet", instance=~"$instance"}[1m]) > 0',
    titleFormat: 'muxlet was started on {{instance}}',
  }),
  annotation({
    name: 'Project failed',
    iconColor: 'red',
    expr: 'sum by (reason) (increase(muxlet_project_attempts_total{result="Failed", instance=~"$instance"}[1m])) > 0',
    titleFormat: 'An attempt failed: {{reason}}',
  }),
  annotation({
    name: 'tmux server started',
    iconColor: 'orange',
    expr: 'increase(muxlet_tmux_server_starts_total{instance=~"$instance"}[1m]) > 0',
    titleFormat: 'tmux server {{server}} was started',
  }),
];

/** @param {{ name: string, iconColor: string, expr: string, titleFormat: string }} own */
function annotation(own) {
  return {
    ...own,
    datasource: DATASOURCE,
    enable: true,
    hide: false,
    step: '60s',
    textFormat: '',
    tagKeys: '',
    useValueForTime: false,
  };
}

/**
 * A heading for each row, panels from left to right, on the next line where there is no room.
 * @param {Record<string, Panel[]>} rows
 */
function layOut(rows) {
  const placed = [];
  let y = 0;
  for (const [title, panels] of Object.entries(rows)) {
    placed.push({ type: 'row', title, collapsed: false, panels: [], gridPos: { h: 1, w: COLUMNS, x: 0, y } });
    y += 1;
    let x = 0;
    let tallest = 0;
    for (const panel of panels) {
      const { w, h } = panel.gridPos;
      if (x + w > COLUMNS) {
        y += tallest;
        x = 0;
        tallest = 0;
      }
      placed.push({ ...panel, gridPos: { h, w, x, y } });
      x += w;
      tallest = Math.max(tallest, h);
    }
    y += tallest;
  }
  return placed.map((panel, index) => ({ id: index + 1, ...panel }));
}
