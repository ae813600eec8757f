/** The format of https://prometheus.io/docs/specs/om/open_metrics_spec/, made from Prometheus' own text format. */
export const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** Whether an Accept header prefers OpenMetrics 1.0.0 to plain text. An asterisk and nothing at all are no wish for it. */
export function wantsOpenMetrics(accept: string): boolean {
  const ranges = accept.split(',').map(parseRange);
  const quality = (type: string, isAnswer: (version: string | undefined) => boolean): number =>
    Math.max(0, ...ranges.filter((range) => range.type === type && isAnswer(range.version)).map(({ q }) => q));
  const open = quality('application/openmetrics-text', (version) => version === undefined || version === '1.0.0');
  return open > 0 && open >= quality('text/plain', () => true);
}

interface Range {
  readonly type: string;
  readonly version: string | undefined;
  readonly q: number;
}

function parseRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim());
  const values = new Map(parameters.map((parameter) => split(parameter)));
  const q = Number(values.get('q') ?? 1);
  return { type: type.toLowerCase(), version: values.get('version'), q: Number.isNaN(q) ? 0 : q };
}

function split(parameter: string): [string, string] {
  const [name = '', value = ''] = parameter.split('=', 2);
  return [name.trim().toLowerCase(), value.trim().replaceAll('"', '')];
}

/**
 * The same samples under the same names. Families of counters lose their `_total`, as the format wants it; buckets keep
 * their bounds as they are written (`le="60"`, not `"60.0"`), so that a series is the same in both formats.
 */
export function openMetrics(text: string): string {
  const lines = text.split('\n').filter((line) => line !== '');
  const counters = new Set(lines.flatMap((line) => /^# TYPE (\S+)_total counter$/.exec(line)?.[1] ?? []));
  return `${lines.map((line) => lineOf(line, counters)).join('\n')}\n# EOF\n`;
}

function lineOf(line: string, counters: ReadonlySet<string>): string {
  const [, word = '', name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
  if (word === '') return line.replace(/ Nan$/, ' NaN');
  const stem = name.replace(/_total$/, '');
  const family = counters.has(stem) ? stem : name;
  return `# ${word} ${family} ${word === 'HELP' ? rest.replaceAll('"', String.raw`\"`) : rest}`;
}
