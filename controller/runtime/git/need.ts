/** What is known of a work tree when it is decided whether it has to be looked at. Times: milliseconds since the epoch. */
export interface TreeStanding {
  /** When the last look began; undefined: there was none. */
  readonly lookedAt: number | undefined;
  /** What it cost, in milliseconds. */
  readonly costMs: number;
  readonly mark: string;
  /** The last sign of work of an agent that works there. */
  readonly workedAt: number;
  /** A look from before then says too little. */
  readonly wantedAt: number;
  /** Looks in a row that failed. */
  readonly failures: number;
}

/** Why a look costs nobody's patience, or has none to spare. */
export type Need = 'None' | 'Now' | 'AtLeisure';

/** At the least, in milliseconds. */
const WORKING_MS = 30_000;
/** A look at a large work tree takes at most this part of the time. */
const SHARE = 0.01;
/** So long a pause is at most, however large it is; and so seldom one is looked at in which nobody works. */
const LONGEST_MS = 600_000;
const SELDOM_MS = 3_600_000;
/** Before a look that failed is tried again, by how many did, in milliseconds. */
const RETRIES_MS = [0, 1000, 5000, 30_000, 120_000] as const;

/**
 * Git tells of what git does, by files whose change costs nothing to see. Of files that an agent changes, nobody tells:
 * they are looked for where an agent shows that it works, since nobody else changes them.
 */
export function needOf(tree: TreeStanding, mark: string, now: number): Need {
  const { lookedAt, costMs, workedAt, wantedAt, failures } = tree;
  if (lookedAt === undefined) return 'AtLeisure';
  const since = now - lookedAt;
  // The clock was set back: what was seen lies ahead.
  if (since < 0) return 'AtLeisure';
  if (failures > 0) return since >= retryAfterMs(failures) ? 'AtLeisure' : 'None';
  if (mark !== tree.mark) return 'Now';
  if (lookedAt < wantedAt && wantedAt <= now) return 'Now';
  if (workedAt > lookedAt && since >= workingPauseMs(costMs)) return 'AtLeisure';
  return since >= SELDOM_MS ? 'AtLeisure' : 'None';
}

/** Between two looks at a work tree in which an agent works and git does nothing. */
export function workingPauseMs(costMs: number): number {
  return Math.min(LONGEST_MS, Math.max(WORKING_MS, costMs / SHARE));
}

export function retryAfterMs(failures: number): number {
  return RETRIES_MS[Math.min(failures, RETRIES_MS.length - 1)] ?? 0;
}

/** A pause has so many moments at which it may end. */
const STEPS = 50;

/**
 * How long until a work tree is visited again that is in no hurry, about `ms`. They come a few at a time, since to wake
 * for each costs more than what is done then.
 */
export function leisurelyMs(ms: number, chance: number, now: number): number {
  const step = ms / STEPS;
  return Math.ceil((now + ms * (0.75 + chance / 2)) / step) * step - now;
}
