/** The system's clock and timers. Timers do not keep the process alive: the server and the connections do. */
export const systemClock = {
  now: (): number => Date.now(),
  /** Milliseconds since the epoch as if nobody ever set the clock: to tell what came after what within this process. */
  steady: (): number => performance.timeOrigin + performance.now(),
  after(ms: number, callback: () => void): () => void {
    const timer = setTimeout(callback, ms);
    return () => {
      clearTimeout(timer);
    };
  },
} as const;
