import type { Clock } from './clock.ts';

/** Longer than the 50 ms for which chokidar swallows events: the last write of a burst falls within it. */
const QUIET_MS = 150;
/** Under a constant stream of hints, a load happens at least this often. */
const LONGEST_WAIT_MS = 500;

export interface Coalescer {
  /** Something may have changed. */
  hint(): void;
  /** The same, from one who tells late what a hint has told already: begins a wait, but prolongs none. */
  echo(): void;
  cancel(): void;
}

/** Calls `run` once it has been quiet for QUIET_MS, but no later than LONGEST_WAIT_MS after the first hint. */
export function createCoalescer(clock: Clock, run: () => void): Coalescer {
  let cancelTimer: (() => void) | undefined;
  let first = 0;

  function hint(): void {
    const now = clock.now();
    if (cancelTimer === undefined) first = now;
    else cancelTimer();
    const wait = Math.min(QUIET_MS, Math.max(0, first + LONGEST_WAIT_MS - now));
    cancelTimer = clock.after(wait, () => {
      cancelTimer = undefined;
      run();
    });
  }

  return {
    hint,
    echo() {
      if (cancelTimer === undefined) hint();
    },
    cancel() {
      cancelTimer?.();
      cancelTimer = undefined;
    },
  };
}
