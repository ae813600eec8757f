import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limitEndsAt } from '../../../controller/api/reading/limit-time.ts';

const HOUR = 3_600_000;
const QUARTER = HOUR / 4;
const CLOCK = /resets (?<hour>\d{1,2}):(?<minute>\d\d)(?<ampm>[ap]m) \((?<zone>[^)]+)\)/u;
const DATE =
  /resets (?<month>[A-Z][a-z]{2}) (?<day>\d{1,2}), (?<hour>\d{1,2}):(?<minute>\d\d)(?<ampm>[ap]m) \((?<zone>[^)]+)\)/u;

/** Whole, half and quarter hours from UTC, on both sides of the date line, with and without summer time, and by half an hour. */
const ZONES = [
  'UTC',
  'America/Los_Angeles',
  'America/St_Johns',
  'Europe/Berlin',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Tokyo',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
] as const;
type Zone = (typeof ZONES)[number];

const formats = new Map(
  ZONES.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }),
  ]),
);

/** What somebody in the zone would see on a clock and a calendar. */
function seen(at: number, zone: Zone): { clock: string; date: string } {
  const parts = Object.fromEntries(
    (formats.get(zone)?.formatToParts(at) ?? []).map(({ type, value }) => [type, value]),
  );
  return { clock: `${parts['hour']}:${parts['minute']}`, date: `${parts['month']?.slice(0, 3)} ${parts['day']}` };
}

/** `16:30` as `4:30pm`. */
function said(clock: string): string {
  const [hour = 0, minute = 0] = clock.split(':').map(Number);
  return `${hour % 12 || 12}:${String(minute).padStart(2, '0')}${hour < 12 ? 'am' : 'pm'}`;
}

/** Every moment at a quarter of an hour at which the zone's clocks show this. */
function momentsOf(clock: string, zone: Zone, from: number, to: number): number[] {
  const found: number[] = [];
  for (let at = Math.ceil(from / QUARTER) * QUARTER; at <= to; at += QUARTER) {
    if (seen(at, zone).clock === clock) found.push(at);
  }
  return found;
}

const zones = fc.constantFrom(...ZONES);
const quarters = fc.integer({ min: 0, max: 95 });
const clockOf = (quarter: number): string =>
  `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`;
/** Three years, to the minute: every change of the clocks several times. */
const moments = fc.integer({
  min: Date.parse('2026-01-01T00:00Z') / 60_000,
  max: Date.parse('2028-12-31T00:00Z') / 60_000,
});
/** Within a day and a half of a change of the clocks, in one zone or another. */
const changes = fc
  .tuple(
    fc.constantFrom(
      '2026-03-08T10:00Z',
      '2026-11-01T09:00Z',
      '2026-03-29T01:00Z',
      '2026-10-25T01:00Z',
      '2026-04-04T15:00Z',
    ),
    fc.integer({ min: -2160, max: 2160 }),
  )
  .map(([change, minutes]) => Date.parse(change) / 60_000 + minutes);

describe('[S124] the end of a limit', () => {
  test('is the next moment at which the clocks of the zone show the stated time, across midnight and changes of the clocks', () => {
    fc.assert(
      fc.property(zones, quarters, fc.oneof(moments, changes), (zone, quarter, minute) => {
        const now = minute * 60_000;
        const clock = clockOf(quarter);
        const found = limitEndsAt(`resets ${said(clock)} (${zone})`, [CLOCK], now) ?? Number.NaN;
        const all = momentsOf(clock, zone, now - 10 * 60_000 + 1, now + 50 * HOUR);
        const [next = Number.NaN] = all;
        // The same hour may come twice, or not at all, in the night in which the clocks are changed.
        if (all.includes(found)) expect(found - next).toBeLessThanOrEqual(HOUR);
        else expect(momentsOf(clock, zone, found - 3 * HOUR, found + 3 * HOUR)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('in an hour that comes twice is the one that is still to come', () => {
    // In Los Angeles it is 1 o'clock at 8:00 and at 9:00 in UTC.
    const again = Date.parse('2026-11-01T09:00Z');
    const found = (clock: string, now: number) => limitEndsAt(`resets ${clock} (America/Los_Angeles)`, [CLOCK], now);
    expect(found('1:00am', again)).toBe(again);
    expect(found('1:30am', again - HOUR)).toBe(again - HOUR / 2);
    expect(found('1:30am', again)).toBe(again + HOUR / 2);
  });

  test('is on the stated day of the zone, whatever day it is elsewhere', () => {
    const ahead = fc.integer({ min: 1, max: 20 * 96 });
    fc.assert(
      fc.property(zones, fc.oneof(moments, changes), ahead, (zone, minute, steps) => {
        const now = minute * 60_000;
        const end = Math.ceil(now / QUARTER) * QUARTER + steps * QUARTER;
        const { clock, date } = seen(end, zone);
        const found = limitEndsAt(`resets ${date}, ${said(clock)} (${zone})`, [DATE], now) ?? Number.NaN;
        expect(seen(found, zone)).toEqual({ clock, date });
        expect(Math.abs(found - end)).toBeLessThanOrEqual(HOUR);
      }),
      { numRuns: 300 },
    );
  });
});
