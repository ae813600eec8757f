/** When a usage limit ends, by what a program says of it. */
import { matchesOf } from './pattern.ts';

const DAY_MS = 86_400_000;
/** An hour that passed so short a time ago is the one that was meant: the text is that old. */
const JUST_PASSED_MS = 10 * 60_000;
/** A stated day that lies farther back than this is meant for the next year. */
const LONG_PAST_MS = 30 * DAY_MS;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * The time that the first fitting pattern finds in a text: by the group `epoch` (seconds or milliseconds), `iso`,
 * `seconds` (from now), or by `month`, `day`, `hour`, `minute`, `ampm` and `zone` (an IANA name or an abbreviation that
 * the system knows; the machine's own where none is said). An hour that has passed is tomorrow's.
 *
 * @param now when the text was seen first, in milliseconds since the epoch
 * @param localZone the machine's own zone
 * @returns milliseconds since the epoch; undefined if no pattern finds a time
 */
export function limitEndsAt(
  text: string,
  patterns: readonly RegExp[],
  now: number,
  localZone: string = Intl.DateTimeFormat().resolvedOptions().timeZone,
): number | undefined {
  for (const pattern of patterns) {
    const groups = matchesOf(pattern, text)[0]?.groups;
    const at = groups === undefined ? undefined : timeOf(groups, now, localZone);
    if (at !== undefined) return at;
  }
  return undefined;
}

type Groups = Readonly<Record<string, string | undefined>>;

function timeOf(groups: Groups, now: number, localZone: string): number | undefined {
  const { epoch, iso, seconds } = groups;
  if (epoch !== undefined) return finite(Number(epoch) * (Number(epoch) < 1e11 ? 1000 : 1));
  if (iso !== undefined) return finite(Date.parse(iso));
  if (seconds !== undefined) return finite(now + Number(seconds) * 1000);
  return wallTime(groups, now, localZone);
}

function wallTime(groups: Groups, now: number, localZone: string): number | undefined {
  const hour = hourOf(groups['hour'], groups['ampm']);
  const minute = Number(groups['minute'] ?? 0);
  if (hour === undefined || !(minute < 60)) return undefined;
  const zone = zoneOf(groups['zone'], localZone);
  if (zone === undefined) return undefined;
  const today = wallClock(now, zone);
  const month = groups['month'] === undefined ? undefined : monthOf(groups['month']);
  if (groups['month'] !== undefined && month === undefined) return undefined;
  if (groups['day'] === undefined) {
    const at = instantsOf({ ...today, hour, minute }, zone).find((instant) => instant > now - JUST_PASSED_MS);
    return at ?? instantOf({ ...today, day: today.day + 1, hour, minute }, zone);
  }
  const day = Number(groups['day']);
  if (!(day >= 1 && day <= 31)) return undefined;
  const stated = { year: today.year, month: month ?? today.month, day, hour, minute };
  const at = instantOf(stated, zone);
  if (at > now - LONG_PAST_MS) return month === undefined && at < now ? instantOf(nextMonth(stated), zone) : at;
  return instantOf({ ...stated, year: today.year + 1 }, zone);
}

/** From 0 to 23: 12am is 0, 11pm is 23. */
function hourOf(text: string | undefined, ampm: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const hour = Number(text);
  if (ampm === undefined) return hour >= 0 && hour < 24 ? hour : undefined;
  if (!(hour >= 1 && hour <= 12)) return undefined;
  return (hour % 12) + (/^p/i.test(ampm) ? 12 : 0);
}

/** From 0: by its name or the beginning of that, or by its number. */
function monthOf(text: string): number | undefined {
  const byName = MONTHS.indexOf(text.slice(0, 3).toLowerCase());
  if (byName >= 0) return byName;
  const number = Number(text);
  return number >= 1 && number <= 12 ? number - 1 : undefined;
}

/** The zone that is said; undefined for one that nobody knows: a wrong time is worse than none. */
function zoneOf(said: string | undefined, localZone: string): string | undefined {
  const zone = said?.trim() ?? localZone;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

interface WallClock {
  readonly year: number;
  /** From 0. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

function nextMonth(clock: WallClock): WallClock {
  return { ...clock, month: clock.month + 1 };
}

/** What the clocks of a zone show. */
function wallClock(at: number, zone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
  return { year, month: month - 1, day, hour, minute };
}

/** When the clocks of a zone show this. Twice, since the offset at the guess may be another than at the time itself. */
function instantOf({ year, month, day, hour, minute }: WallClock, zone: string): number {
  const asUtc = Date.UTC(year, month, day, hour, minute);
  const first = asUtc - offsetAt(asUtc, zone);
  return asUtc - offsetAt(first, zone);
}

/** The same, in order: two in the night in which the clocks are put back. */
function instantsOf(clock: WallClock, zone: string): number[] {
  const { year, month, day, hour, minute } = clock;
  const asUtc = Date.UTC(year, month, day, hour, minute);
  const found = [asUtc - DAY_MS, asUtc + DAY_MS]
    .map((near) => asUtc - offsetAt(near, zone))
    .filter((at) => at + offsetAt(at, zone) === asUtc);
  return found.length === 0 ? [instantOf(clock, zone)] : found.toSorted((one, other) => one - other);
}

/** How far the clocks of a zone are ahead of UTC, in milliseconds. */
function offsetAt(at: number, zone: string): number {
  const { year, month, day, hour, minute } = wallClock(at, zone);
  return Date.UTC(year, month, day, hour, minute) - Math.floor(at / 60_000) * 60_000;
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
