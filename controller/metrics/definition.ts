/** A metric. Of each label either all values are known, or they are `open`: bounded by what a person declares. */
export interface Definition {
  readonly name: string;
  readonly help: string;
  readonly labels?: Readonly<Record<string, readonly string[] | 'open'>>;
}

export interface HistogramDefinition extends Definition {
  /** Upper bounds, in seconds. */
  readonly buckets: readonly number[];
}

/** 60 s to 3 days: work. */
export const WORK = [60, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400, 259_200];
/** 0.1 ms to 5 s: a command over the open connection takes a fraction of a millisecond. */
export const FINE = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
/** 1 ms to 10 s. */
export const COARSE = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** 10 s to an hour: what is quiet is left in peace for a while. */
export const LONG = [10, 20, 30, 60, 120, 300, 600, 1800, 3600];
/** 0.1 ms to 60 s. */
export const WIDE = [...FINE, 10, 30, 60];

export const OUTCOME = ['success', 'error'] as const;
