import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { COUNTERS, type Definition, GAUGES, HISTOGRAMS } from '../../controller/metrics/definitions.ts';
import { createMetrics } from '../../controller/metrics/metrics.ts';
import { namesIn } from './promql.ts';

const root = new URL('../../', import.meta.url);

interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export function rulesOf(file: string): readonly Rule[] {
  const { groups } = parse(readFileSync(new URL(`manifests/prometheus/${file}`, root), 'utf8')) as RuleFile;
  return groups.flatMap(({ rules }) => rules);
}

export const DEFINITIONS: readonly Definition[] = [COUNTERS, GAUGES, HISTOGRAMS].flatMap((table) =>
  Object.values(table),
);

/** Of every scraped series. */
const TARGET_LABELS = ['instance', 'job'];

/** Every metric that a query may name, and its labels: muxlet's own, the process's, recorded ones, Prometheus' own. */
export async function knownMetrics(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const known = new Map<string, ReadonlySet<string>>([
    ['up', new Set(TARGET_LABELS)],
    ['ALERTS', new Set(['alertname', 'alertstate', 'severity', ...TARGET_LABELS])],
  ]);
  for (const { name, labels = {} } of [...DEFINITIONS, ...(await served())]) {
    const own = new Set([...Object.keys(labels), ...TARGET_LABELS]);
    known.set(name, own);
    if (name.endsWith('_seconds')) {
      known.set(`${name}_bucket`, new Set([...own, 'le']));
      known.set(`${name}_count`, own);
      known.set(`${name}_sum`, own);
    }
  }
  for (const { record, expr } of rulesOf('muxlet.rules.yml')) {
    if (record !== undefined) known.set(record, new Set(namesIn(expr).grouped.filter((label) => label !== 'le')));
  }
  return known;
}

/** Labels by metric, from the tables of docs/metrics.md. */
export function documentedLabels(): ReadonlyMap<string, readonly string[]> {
  const rows = readFileSync(new URL('docs/metrics.md', root), 'utf8').matchAll(/^\| `([a-z_]+)` \| ([^|]*) \|/gm);
  const labelsOf = (cell: string): string[] => [...cell.matchAll(/`(\w+)`/g)].map(([, label = '']) => label);
  return new Map([...rows].map(([, name = '', labels = '']) => [name, labelsOf(labels)]));
}

/** The usual ones of a process, as it serves them. */
async function served(): Promise<Definition[]> {
  const { text } = await createMetrics({ version: '', node: '', tmux: '' }).render();
  return [...text.matchAll(/^# TYPE ((?:process|nodejs)_\w+) /gm)].map(([, name = '']) => ({ name, help: '' }));
}
