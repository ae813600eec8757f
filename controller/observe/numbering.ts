/** Where the system has got to in numbering its processes, at one moment. */
export interface Numbering {
  /** The number that was given last. */
  readonly last: number;
  /** Processes and threads that were begun since the system was started. */
  readonly begun: number;
  /** Numbers are below this; behind the highest one the lowest follow. */
  readonly end: number;
}

/** So many numbers are tried one by one; of more, a walk through the whole table costs less. */
const MOST = 1000;

/**
 * The numbers that may have been given to somebody between two moments: they are given in turn, so that a process whose
 * number is none of these is the one that it was. Undefined: they are too many, or have been round once, for all that
 * can be told.
 */
export function numbersBetween(from: Numbering, to: Numbering): readonly number[] | undefined {
  const begun = to.begun - from.begun;
  if (to.end !== from.end || begun < 0 || begun > to.end / 2) return undefined;
  const turn = to.last < from.last ? to.end : 0;
  const count = to.last + turn - from.last;
  if (count > MOST) return undefined;
  return Array.from({ length: count }, (_, index) => (from.last + 1 + index) % to.end);
}

/** The same, as it was so many numbers before. */
export function earlier({ last, begun, end }: Numbering, numbers: number): Numbering {
  return { last: (last + end - numbers) % end, begun, end };
}
