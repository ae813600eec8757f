/** Two looks agree if they are at least so far apart, in milliseconds. */
export const CONFIRM_MS = 250;

/** What was last seen of an object, and since when it is so. */
export interface Sighting {
  /** Hash of the content; 'absent' if it was nowhere. */
  readonly content: string;
  /** End of the first look that saw this, in milliseconds since the epoch. */
  readonly since: number;
  /** A later look, at least CONFIRM_MS after it, saw the same. */
  readonly confirmed: boolean;
}

export const ABSENT = 'absent';

export interface LookTimes {
  readonly began: number;
  readonly ended: number;
}

/** A later look at the same thing. Pure. */
export function lookAgain(previous: Sighting | undefined, content: string, { began, ended }: LookTimes): Sighting {
  if (previous === undefined || previous.content !== content) return { content, since: ended, confirmed: false };
  if (previous.confirmed) return previous;
  // The clock was set back meanwhile: count anew.
  if (previous.since > began) return { content, since: ended, confirmed: false };
  return began - previous.since >= CONFIRM_MS ? { ...previous, confirmed: true } : previous;
}
