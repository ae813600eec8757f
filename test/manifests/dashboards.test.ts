import { describe, expect, test } from 'vitest';
import { AGENT_STATES, PHASES } from '../../controller/metrics/label-values.ts';
import { ANNOTATION_QUERIES, DASHBOARDS, PANEL_QUERIES, type Panel } from './dashboards.ts';
import { DEFINITIONS, documentedLabels, knownMetrics } from './known-metrics.ts';
import { namesIn } from './promql.ts';

const SOURCE = { type: 'prometheus', uid: '${datasource}' };
/** Of https://github.com/grafana/grafana, packages/grafana-data/src/valueFormats/categories.ts, those that are used. */
const UNITS = ['none', 's', 'percentunit', 'cps', 'bytes'];
const UIDS = ['muxlet-agents', 'muxlet-controller', 'muxlet-fleet', 'muxlet-project'];

test('there are four dashboards, told apart by uid and title, and found by their tag', () => {
  expect(DASHBOARDS.map(({ uid }) => uid).sort()).toEqual(UIDS);
  expect(new Set(DASHBOARDS.map(({ title }) => title)).size).toBe(4);
  for (const { tags, links, schemaVersion } of DASHBOARDS) {
    expect([tags, schemaVersion]).toEqual([['muxlet'], 39]);
    expect(links).toMatchObject([{ type: 'dashboards', tags: ['muxlet'], keepTime: true, includeVars: true }]);
  }
});

describe.each(DASHBOARDS.map((dashboard) => [dashboard.title, dashboard] as const))('%s', (_title, dashboard) => {
  const panels = dashboard.panels.filter(({ type }) => type !== 'row');

  test('has panels of known types, each with an id, a place, words and queries of its own', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    for (const { type, title, description, datasource, targets = [] } of panels) {
      expect(['stat', 'timeseries', 'state-timeline', 'table']).toContain(type);
      expect([title, title.length > 0 && title.length < 45]).toEqual([title, true]);
      expect([title, description]).toEqual([title, expect.stringMatching(/^[A-Z].*\.$/)]);
      expect(datasource).toEqual(SOURCE);
      expect(targets.length).toBeGreaterThan(0);
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
      for (const target of targets) expect(target.datasource).toEqual(SOURCE);
    }
  });

  test('lies within the grid, and nothing on anything', () => {
    const cells = new Set<string>();
    for (const { title, gridPos } of dashboard.panels) {
      for (const cell of cellsOf(gridPos)) {
        expect([title, cell, cells.has(cell)]).toEqual([title, cell, false]);
        cells.add(cell);
      }
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    }
  });

  test('has units that Grafana knows, and thresholds that rise from a first one without a value', () => {
    for (const { title, fieldConfig } of panels) {
      const { unit, thresholds } = fieldConfig?.defaults ?? { unit: '', thresholds: { steps: [] } };
      expect(UNITS).toContain(unit);
      const [first, ...others] = thresholds.steps.map(({ value }) => value);
      expect([title, first]).toEqual([title, null]);
      expect(others).toEqual([...others].sort((a, b) => Number(a) - Number(b)));
      expect(new Set(thresholds.steps.map(({ color }) => color)).size).toBe(thresholds.steps.length);
    }
  });

  test('uses the variables that it has, and leads to dashboards that are there', () => {
    const own = new Set(dashboard.templating.list.map(({ name }) => name));
    const text = JSON.stringify({ ...dashboard, templating: undefined, links: undefined });
    const used = [...text.matchAll(/\$\{?([a-zA-Z]\w*)/g)].map(([, name = '']) => name);
    expect(used.filter((name) => !own.has(name))).toEqual([]);
    expect([...own].filter((name) => !used.includes(name))).toEqual([]);
    for (const [, uid] of text.matchAll(/\/d\/([\w-]+)/g)) expect(UIDS).toContain(uid);
  });
});

test('docs/metrics.md tells the labels of each metric', () => {
  const documented = documentedLabels();
  const wrong = DEFINITIONS.filter(({ name, labels = {} }) => {
    const told = documented.get(name);
    return told !== undefined && told.join() !== Object.keys(labels).join();
  });
  expect(wrong.map(({ name }) => name)).toEqual([]);
});

describe('queries', () => {
  test('of panels, annotations and variables name documented metrics, and labels that these have', async () => {
    const known = await knownMetrics();
    const definitions = DASHBOARDS.flatMap(({ uid, templating }) =>
      templating.list.flatMap(({ name, definition }) => {
        const [, expr = '', label = ''] = /^label_values\((.*), (\w+)\)$/.exec(definition ?? '') ?? [];
        return definition === undefined ? [] : [{ where: `${uid}: ${name}`, expr: `sum by (${label}) (${expr})` }];
      }),
    );
    const wrong = [...PANEL_QUERIES, ...ANNOTATION_QUERIES, ...definitions].flatMap(({ where, expr }) => {
      const { metrics, matched, grouped } = namesIn(expr);
      if (metrics.length === 0) return [`${where}: names nothing`];
      const labels = new Set(metrics.flatMap((metric) => [...(known.get(metric) ?? [])]));
      return [
        ...metrics.filter((metric) => !known.has(metric)).map((metric) => `${where}: ${metric}`),
        ...matched
          .filter(({ metric, label }) => known.get(metric)?.has(label) !== true)
          .map(({ metric, label }) => `${where}: ${metric}{${label}}`),
        ...grouped.filter((label) => !labels.has(label)).map((label) => `${where}: by ${label}`),
      ];
    });
    expect(wrong).toEqual([]);
  });

  test('are named by labels that are left of them', () => {
    const wrong = PANEL_QUERIES.flatMap(({ where, expr, legend = '' }) => {
      const { grouped, metrics } = namesIn(expr);
      const isAggregated = /^(?:sum|max|min|count|avg|histogram_quantile)\b/.test(expr);
      return [...legend.matchAll(/\{\{(\w+)\}\}/g)]
        .filter(([, label = '']) => isAggregated && !grouped.includes(label))
        .map(([text]) => `${where}: ${text} of ${metrics.join()}`);
    });
    expect(wrong).toEqual([]);
  });
});

test('the phases and states that are drawn over time are those that there are', () => {
  const project = DASHBOARDS.find(({ uid }) => uid === 'muxlet-project');
  const valuesOf = (title: string, label: string): string[] => {
    const panel = project?.panels.find((candidate: Panel) => candidate.title === title);
    return [...(panel?.targets?.[0]?.expr ?? '').matchAll(new RegExp(`${label}="(\\w+)"`, 'g'))].map(
      ([, value = '']) => value,
    );
  };
  expect(valuesOf('Phase over time', 'phase').sort()).toEqual([...PHASES].sort());
  expect(valuesOf('Agents over time', 'state').sort()).toEqual([...AGENT_STATES].sort());
});

function cellsOf({ x, y, w, h }: Panel['gridPos']): string[] {
  return Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`);
}
