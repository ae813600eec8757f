const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A hundred years: what is longer ends no sooner for anybody, and a date so far away could not be written. */
const LONGEST_MS = 36_500 * 86_400_000;

/** Milliseconds of an interval as specs write it: 90s, 30m, 2h, 1d; at most a hundred years. Of anything else, NaN. */
export function intervalMs(text: string): number {
  const [, amount, unit] = /^([0-9]+)([smhd])$/.exec(text) ?? [];
  return Math.min(Number(amount) * (UNITS[unit ?? ''] ?? Number.NaN), LONGEST_MS);
}
