/** How long a key that failed has to wait. */
export interface BackoffOptions {
  /** Longest pause after the first failure, in milliseconds. Default 50. */
  readonly baseMs?: number;
  /** Longest pause of all, in milliseconds. Default 60,000. */
  readonly capMs?: number;
  /** The part of a pause that chance may take off, 0 to 0.5. Default 0.2. */
  readonly jitter?: number;
  /** From 0 to less than 1. */
  readonly random: () => number;
}

export interface Backoff<Key> {
  /** Counts a failure of the key and says how many milliseconds to wait. */
  next(key: Key): number;
  /** Failures of the key since it was last forgotten. */
  failures(key: Key): number;
  forget(key: Key): void;
}

/**
 * Pauses double from `baseMs` to `capMs`, per key. Chance only ever shortens one, and by half at most: so the cap
 * holds, a pause below the cap is never shorter than the one before, and keys that failed together (a tmux server
 * that went away takes all along) do not come back together, not even once all of them wait for the cap.
 */
export function createBackoff<Key extends string>(options: BackoffOptions): Backoff<Key> {
  const { baseMs = 50, capMs = 60_000, random } = options;
  const jitter = Math.min(Math.max(options.jitter ?? 0.2, 0), 0.5);
  const counts = new Map<Key, number>();
  return {
    next(key) {
      const before = counts.get(key) ?? 0;
      counts.set(key, before + 1);
      return Math.min(capMs, baseMs * 2 ** before) * (1 - jitter * random());
    },
    failures: (key) => counts.get(key) ?? 0,
    forget: (key) => void counts.delete(key),
  };
}
