// Panels in few words. Each builder takes a title, its queries and what deviates from the default; `layOut` in layout.mjs
// gives them their places and numbers.

/**
 * @typedef {string | [expr: string, legend: string]} Query
 * @typedef {{ value: number, color: string }} Step from this value on
 * @typedef {{
 *   description: string, unit?: string, decimals?: number, min?: number, max?: number, steps?: Step[], width?: number,
 *   height?: number, mappings?: object[], stack?: boolean, link?: { title: string, url: string }, noValue?: string,
 *   textMode?: string
 * }} Look
 */

/** How the data source is named everywhere: by the variable of each dashboard. */
export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/**
 * One number, or one for each series, coloured by its thresholds.
 * @param {string} title
 * @param {Query | Query[]} queries
 * @param {Look} look
 */
export function stat(title, queries, look) {
  return {
    ...panel('stat', title, look, { width: 3, height: 4 }),
    targets: targets(queries, { instant: true }),
    fieldConfig: fieldConfig(look, { color: { mode: 'thresholds' } }),
    options: {
      colorMode: look.steps === undefined && look.mappings === undefined ? 'none' : 'background',
      graphMode: 'none',
      justifyMode: 'auto',
      orientation: 'auto',
      percentChangeColorMode: 'standard',
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      showPercentChange: false,
      textMode: look.textMode ?? 'auto',
      wideLayout: true,
    },
  };
}

/**
 * @param {string} title
 * @param {Query | Query[]} queries
 * @param {Look} look
 */
export function timeseries(title, queries, look) {
  const { stack = false, steps } = look;
  const custom = {
    drawStyle: 'line',
    lineInterpolation: 'stepAfter',
    lineWidth: 1,
    fillOpacity: stack ? 30 : 0,
    showPoints: 'never',
    spanNulls: false,
    stacking: { group: 'A', mode: stack ? 'normal' : 'none' },
    thresholdsStyle: { mode: steps === undefined ? 'off' : 'line' },
  };
  return {
    ...panel('timeseries', title, look, { width: 8, height: 7 }),
    targets: targets(queries, { instant: false }),
    fieldConfig: fieldConfig(look, { color: { mode: 'palette-classic' }, custom }),
    options: {
      legend: { calcs: ['lastNotNull', 'max'], displayMode: 'list', placement: 'bottom', showLegend: true },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  };
}

/**
 * What each thing was at any time: a line a series, a colour a value.
 * @param {string} title
 * @param {Query} query
 * @param {Look} look
 */
export function stateTimeline(title, query, look) {
  return {
    ...panel('state-timeline', title, look, { width: 24, height: 8 }),
    targets: targets(query, { instant: false }),
    fieldConfig: fieldConfig(look, { color: { mode: 'thresholds' }, custom: { fillOpacity: 80, lineWidth: 0 } }),
    options: {
      alignValue: 'left',
      legend: { calcs: [], displayMode: 'list', placement: 'bottom', showLegend: false },
      mergeValues: true,
      rowHeight: 0.9,
      showValue: 'auto',
      tooltip: { mode: 'single', sort: 'none' },
    },
  };
}

/**
 * The labels of the series as columns.
 * @param {string} title
 * @param {string} query
 * @param {Look & { columns: string[], value?: string }} look columns: labels, in order; value: what the number is called, else it is left out
 */
export function table(title, query, look) {
  const { columns, value, link, ...rest } = look;
  const indexByName = Object.fromEntries([...columns, 'Value'].map((name, index) => [name, index]));
  const overrides = link === undefined ? [] : [linked(columns[0] ?? '', link)];
  return {
    ...panel('table', title, look, { width: 12, height: 8 }),
    targets: targets(query, { instant: true, format: 'table' }),
    fieldConfig: {
      ...fieldConfig(rest, { custom: { align: 'auto', cellOptions: { type: 'auto' }, inspect: false } }),
      overrides,
    },
    options: {
      cellHeight: 'sm',
      frameIndex: 0,
      footer: { show: false, reducer: ['sum'], countRows: false, fields: [] },
      showHeader: true,
    },
    transformations: [
      {
        id: 'filterFieldsByName',
        options: { include: { names: value === undefined ? columns : [...columns, 'Value'] } },
      },
      {
        id: 'organize',
        options: { excludeByName: {}, indexByName, renameByName: value === undefined ? {} : { Value: value } },
      },
    ],
  };
}

/**
 * Names, and a colour each, for numbers.
 * @param {Record<string, { text: string, color: string }>} options by number
 */
export function valueNames(options) {
  const numbered = Object.entries(options).map(([value, each], index) => [value, { ...each, index }]);
  return [{ type: 'value', options: Object.fromEntries(numbered) }];
}

/**
 * @param {string} name
 * @param {{ title: string, url: string }} link
 */
function linked(name, link) {
  return { matcher: { id: 'byName', options: name }, properties: [{ id: 'links', value: [link] }] };
}

/**
 * @param {string} type
 * @param {string} title
 * @param {Look} look
 * @param {{ width: number, height: number }} size in Grafana's grid of 24 columns
 */
function panel(type, title, { description, width, height }, size) {
  return {
    type,
    title,
    description,
    datasource: DATASOURCE,
    gridPos: { h: height ?? size.height, w: width ?? size.width, x: 0, y: 0 },
  };
}

/**
 * @param {Query | Query[]} queries
 * @param {{ instant: boolean, format?: string }} how
 */
function targets(queries, { instant, format = 'time_series' }) {
  const isOne = typeof queries === 'string' || (queries.length === 2 && typeof queries[1] === 'string');
  const list = /** @type {Query[]} */ (isOne ? [queries] : queries);
  return list.map((query, index) => {
    const [expr, legendFormat] = typeof query === 'string' ? [query, '__auto'] : query;
    const refId = String.fromCharCode(65 + index);
    return { refId, datasource: DATASOURCE, editorMode: 'code', expr, legendFormat, format, instant, range: !instant };
  });
}

/**
 * @param {Look} look
 * @param {object} own
 */
function fieldConfig({ unit = 'none', decimals, min, max, steps, mappings = [], link, noValue }, own) {
  const base = steps?.some(({ color }) => color === 'green') === true ? 'red' : 'green';
  return {
    defaults: {
      ...own,
      unit,
      ...(decimals !== undefined && { decimals }),
      ...(min !== undefined && { min }),
      ...(max !== undefined && { max }),
      ...(noValue !== undefined && { noValue }),
      mappings,
      thresholds: { mode: 'absolute', steps: [{ color: base, value: null }, ...(steps ?? [])] },
      ...(link !== undefined && { links: [link] }),
    },
    overrides: [],
  };
}
