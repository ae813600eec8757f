import type { RunStatus } from '../api/generated/all.ts';
import type { Key } from '../api/key.ts';

/** Between two looks lies more than this, in milliseconds, only if the machine slept or nobody could look. */
const LONGEST_STEP_MS = 120_000;

/** How long projects have been looked after, by a clock that nobody sets and from look to look. */
export interface Tally {
  /** Milliseconds since the count that the run tells of was written; 0 if this controller did not write it. */
  since(key: Key, run: RunStatus | undefined): number;
  written(key: Key, run: RunStatus | undefined): void;
  forget(key: Key): void;
}

interface Counted {
  readonly count: string;
  readonly ms: number;
  /** The last look, by the clock. */
  readonly at: number;
}

export function createTally(steady: () => number): Tally {
  const counts = new Map<Key, Counted>();

  function take(key: Key, run: RunStatus | undefined): number {
    const count = countOf(run);
    const at = steady();
    if (count === undefined) {
      counts.delete(key);
      return 0;
    }
    const known = counts.get(key);
    if (known?.count !== count) {
      counts.set(key, { count, ms: 0, at });
      return 0;
    }
    const step = at - known.at;
    const ms = step > LONGEST_STEP_MS ? known.ms : known.ms + step;
    counts.set(key, { count, ms, at });
    return ms;
  }

  return {
    since: take,
    written: (key, run) => void take(key, run),
    forget: (key) => void counts.delete(key),
  };
}

/** Which count it is; undefined while the clock stands. */
function countOf(run: RunStatus | undefined): string | undefined {
  return run?.countedAt === undefined ? undefined : `${run.countedAt} ${run.activeSeconds}`;
}
