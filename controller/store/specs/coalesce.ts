import type { Clock } from './clock.ts';

/** Longer than the 50 ms for which chokidar swallows events: the last write of a burst falls within it. */
const QUIET_MS = 150;
/** Under a constant stream of hints, a load happens at least this often. */
const LONGEST_WAIT_MS = 500;
/** Quiet for so long, most writes are over. */
const PREPARE_MS = 50;

export interface Coalescer {
  /** Something may have changed. */
  hint(): void;
  /** The same, from one who tells late what a hint has told already: begins a wait, but prolongs none. */
  echo(): void;
  cancel(): void;
}

export interface CoalescerSteps {
  readonly run: () => void;
  /** Called while the quiet is waited for: what can be done beforehand need not be done when it is over. */
  readonly prepare?: () => void;
}

/** Calls `run` once it has been quiet for QUIET_MS, but no later than LONGEST_WAIT_MS after the first hint. */
export function createCoalescer(clock: Clock, { run, prepare = () => undefined }: CoalescerSteps): Coalescer {
  let cancelTimers: (() => void) | undefined;
  let first = 0;

  function hint(): void {
    const now = clock.now();
    if (cancelTimers === undefined) first = now;
    else cancelTimers();
    const wait = Math.min(QUIET_MS, Math.max(0, first + LONGEST_WAIT_MS - now));
    const cancelRun = clock.after(wait, () => {
      cancelTimers = undefined;
      run();
    });
    const cancelPrepare = wait > PREPARE_MS ? clock.after(PREPARE_MS, prepare) : undefined;
    cancelTimers = () => {
      cancelRun();
      cancelPrepare?.();
    };
  }

  return {
    hint,
    echo() {
      if (cancelTimers === undefined) hint();
    },
    cancel() {
      cancelTimers?.();
      cancelTimers = undefined;
    },
  };
}
