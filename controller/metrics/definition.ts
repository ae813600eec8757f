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
