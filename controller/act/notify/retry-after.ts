/** A server that asks for more is tried again all the same: what it says may be a mistake. */
const LONGEST_MS = 24 * 3_600_000;

/**
 * How long a server wants to be left alone, in milliseconds; undefined if it did not say so in one of the two ways there
 * are: seconds (Discord sends fractions of them), or a date.
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const seconds = /^\s*\d+(?:\.\d+)?\s*$/.test(header) ? Number(header) : (Date.parse(header) - now) / 1000;
  if (!Number.isFinite(seconds)) return undefined;
  return Math.min(Math.max(Math.ceil(seconds * 1000), 0), LONGEST_MS);
}
