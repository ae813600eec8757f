/** Milliseconds of one thing done many times. */
export interface Sample {
  readonly values: readonly number[];
  readonly median: number;
  readonly p99: number;
}

export function sampleOf(values: readonly number[]): Sample {
  return { values, median: quantile(values, 0.5), p99: quantile(values, 0.99) };
}

/** The nearest rank: of fewer than 100 values the 99th percentile is the largest. */
function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}
