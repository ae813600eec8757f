import type { Key } from '../api/key.ts';

/** Holds back the making of a session that something takes away again each time before anybody saw it run. */
export interface CreationPace {
  /** Milliseconds until the project's session may be made; 0: now. */
  wait(key: Key): number;
  made(key: Key): void;
  /** It was seen to run: the next making is a first one again. */
  ran(key: Key): void;
}

const FREE = 2;
const PAUSE_MS = { first: 50, cap: 5000 } as const;

/** The first two makings are free, so that a lost session is back at once; then pauses double from 50 ms to 5 s. */
export function createCreationPace(now: () => number): CreationPace {
  const made = new Map<Key, { readonly count: number; readonly at: number }>();
  return {
    wait(key) {
      const { count, at } = made.get(key) ?? { count: 0, at: 0 };
      if (count < FREE) return 0;
      const pause = Math.min(PAUSE_MS.first * 2 ** (count - FREE), PAUSE_MS.cap);
      // Where the clock was set back, the pause counts from now: nobody waits for the clock to catch up.
      if (at > now()) made.set(key, { count, at: now() });
      return Math.max(0, Math.min(at, now()) + pause - now());
    },
    made(key) {
      made.set(key, { count: (made.get(key)?.count ?? 0) + 1, at: now() });
    },
    ran(key) {
      made.delete(key);
    },
  };
}
