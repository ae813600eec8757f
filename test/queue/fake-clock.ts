import type { Clock } from '../../controller/queue/clock.ts';

/** A clock whose hands the test turns; counts the timers that are set. */
export interface FakeClock extends Clock {
  advance(ms: number): void;
  /** Sets the wall clock, without any time passing for timers. */
  set(now: number): void;
  timers(): number;
}

export function createFakeClock(start = 1_000_000): FakeClock {
  let wall = start;
  let elapsed = 0;
  let ids = 0;
  const timers = new Map<number, { readonly at: number; readonly callback: () => void }>();
  return {
    now: () => wall,
    after(ms, callback) {
      const id = ids++;
      timers.set(id, { at: elapsed + ms, callback });
      return () => void timers.delete(id);
    },
    advance(ms) {
      const end = elapsed + ms;
      for (;;) {
        const due = [...timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
        if (due === undefined) break;
        const [id, { at, callback }] = due;
        timers.delete(id);
        wall += Math.max(0, at - elapsed);
        elapsed = Math.max(elapsed, at);
        callback();
      }
      wall += end - elapsed;
      elapsed = end;
    },
    set(now) {
      wall = now;
    },
    timers: () => timers.size,
  };
}
