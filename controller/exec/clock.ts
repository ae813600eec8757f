/** Node takes a longer one for 1 ms (docs of setTimeout: 2^31 - 1): some 24 days. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The system's clock and timers. Timers do not keep the process alive: the server and the connections do. */
export const systemClock = {
  now: (): number => Date.now(),
  /** Milliseconds since the epoch as if nobody ever set the clock: to tell what came after what within this process. */
  steady: (): number => performance.timeOrigin + performance.now(),
  /** Longer waits end after 24 days: who waits for a time looks at the clock again. */
  after(ms: number, callback: () => void): () => void {
    const timer = setTimeout(callback, Math.min(ms, LONGEST_TIMER_MS));
    return () => {
      clearTimeout(timer);
    };
  },
} as const;
