import type { Clock } from './ports.ts';

/** One timer for many things that are due at times of their own. */
export interface Alarm {
  /** Rings at that time at the latest, in milliseconds since the epoch. */
  by(at: number): void;
  close(): void;
}

/** Each ring may go through hundreds of things, of which many become due one after the other: in milliseconds. */
const GAP_MS = 20;

/**
 * An alarm knows only the earliest time that it was told: who becomes due tells it, and nobody goes through all that is
 * watched to find out who is next. `ring` does what is due, and gives the time of what is due next, if there is any.
 *
 * @param longestMs However the clock is set meanwhile, it rings again within that time.
 */
export function createAlarm(clock: Clock, longestMs: number, ring: () => number | undefined): Alarm {
  let timer: { readonly at: number; readonly cancel: () => void } | undefined;
  let rangAt = Number.NEGATIVE_INFINITY;
  let closed = false;

  function by(at: number): void {
    if (closed || !Number.isFinite(at) || (timer !== undefined && timer.at <= at)) return;
    timer?.cancel();
    const now = clock.now();
    const gap = Math.min(GAP_MS, rangAt + GAP_MS - now);
    const cancel = clock.after(Math.min(longestMs, Math.max(0, gap, at - now)), () => {
      timer = undefined;
      rangAt = clock.now();
      by(ring() ?? Number.POSITIVE_INFINITY);
    });
    timer = { at, cancel };
  }

  return {
    by,
    close() {
      closed = true;
      timer?.cancel();
    },
  };
}
