import type { Clock } from '../../controller/runtime/ports.ts';

/** A clock that jumps from timer to timer. The wall clock may be set; what passes for timers is not touched by that. */
export interface SimClock extends Clock {
  /** Milliseconds that have passed, whatever the wall clock says. */
  elapsed(): number;
  setWall(byMs: number): void;
  /** Time passes in which nothing runs: what was due in it comes late. */
  sleep(ms: number): void;
  /** Milliseconds that have passed while the machine was awake. */
  awake(): number;
  /** Whether the wall clock was ever set back. */
  wasSetBack(): boolean;
  /** Runs everything that falls due within `ms`; `between` is called after each timer. */
  run(ms: number, between: () => void): Promise<void>;
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

const START = Date.UTC(2030, 0, 1);

export function createSimClock(): SimClock {
  let elapsed = 0;
  let offset = 0;
  let slept = 0;
  let orders = 0;
  let setBack = false;
  const timers = new Set<Timer>();

  function nextBy(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of timers) {
      if (timer.at > end) continue;
      if (first === undefined || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) {
        first = timer;
      }
    }
    return first;
  }

  return {
    now: () => START + offset + Math.floor(elapsed),
    elapsed: () => elapsed,
    after(ms, callback) {
      const timer = { at: elapsed + Math.max(0, ms), order: orders++, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    setWall(byMs) {
      offset += byMs;
      setBack ||= byMs < 0;
    },
    sleep(ms) {
      elapsed += ms;
      slept += ms;
    },
    awake: () => elapsed - slept,
    wasSetBack: () => setBack,
    async run(ms, between) {
      const end = elapsed + ms;
      await idle();
      for (let timer = nextBy(end); timer !== undefined; timer = nextBy(end)) {
        timers.delete(timer);
        elapsed = Math.max(elapsed, timer.at);
        timer.callback();
        await idle();
        between();
      }
      elapsed = Math.max(elapsed, end);
    },
  };
}

/** Lets every promise that is settled have its say: nothing in the simulated world waits for anything but the clock. */
function idle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
