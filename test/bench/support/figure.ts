import type { Sample } from './statistics.ts';

/** One row of the table. Times are milliseconds unless the unit says otherwise. */
export interface Row {
  readonly what: string;
  readonly product: string;
  readonly raw: string;
  readonly ratio: string;
  readonly target: string;
  readonly met: boolean;
}

export interface Context {
  /** Path of the built program. */
  readonly main: string;
  /** Fewer repetitions: to see that it works, not to quote. */
  readonly quick: boolean;
}

export interface Figure {
  readonly name: string;
  measure(context: Context): Promise<Row[]>;
}

export interface Comparison {
  readonly what: string;
  readonly product: Sample;
  readonly raw: Sample;
  /** Highest ratio of the medians. */
  readonly atMost: number;
  /** Highest 99th percentile. */
  readonly p99?: number;
}

export function comparisonRow({ what, product, raw, atMost, p99 }: Comparison): Row {
  const ratio = product.median / raw.median;
  const limit = p99 === undefined ? '' : `, p99 < ${p99} ms`;
  return {
    what,
    product: times(product),
    raw: times(raw),
    ratio: ratio.toFixed(2),
    target: `≤ ${atMost}× raw${limit}`,
    met: ratio <= atMost && (p99 === undefined || product.p99 < p99),
  };
}

/** `median (p99 …) ms, n`. */
export function times({ median, p99, values }: Sample): string {
  const digits = median < 100 ? 1 : 0;
  if (values.length === 1) return `${median.toFixed(digits)} ms`;
  return `${median.toFixed(digits)} ms (p99 ${p99.toFixed(digits)}, n ${values.length})`;
}

export function markdownTable(rows: readonly Row[]): string {
  const cells = rows.map(({ what, product, raw, ratio, target, met }) => [
    what,
    product,
    raw,
    ratio,
    `${target}${met ? '' : ' **missed**'}`,
  ]);
  const head = [
    ['what', 'muxlet, median', 'raw tmux, median', 'ratio', 'target'],
    ['---', '--:', '--:', '--:', '---'],
  ];
  return [...head, ...cells].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
