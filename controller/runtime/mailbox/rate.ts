/** A bound on how often something is begun: at most `burst` at once, and `perSecond` in the long run. */
export interface Rate {
  /** Milliseconds until one more is in the rate; 0: now. */
  waitMs(now: number): number;
  take(now: number): void;
}

export function createRate(perSecond: number, burst: number): Rate {
  let tokens = burst;
  let filledAt: number | undefined;

  function fill(now: number): void {
    const passed = Math.max(0, now - (filledAt ?? now));
    tokens = Math.min(burst, tokens + (passed * perSecond) / 1000);
    filledAt = now;
  }

  return {
    waitMs(now) {
      fill(now);
      return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * 1000) / perSecond);
    },
    take(now) {
      fill(now);
      tokens -= 1;
    },
  };
}
