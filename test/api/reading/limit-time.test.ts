import fc from 'fast-check';
import { expect, test } from 'vitest';
import { limitEndsAt } from '../../../controller/api/reading/limit-time.ts';

const PATTERNS = [
  /(?<epoch>\d{10,13})/iu,
  /until (?<iso>\d{4}-\d\d-\d\dT[\d:.]+Z)/iu,
  /in (?<seconds>\d+) ?s/iu,
  /(?:resets?|try again at|again at) (?<month>[A-Z][a-z]{2})[a-z]* (?<day>\d{1,2})(?:st|nd|rd|th)?,? (?:at )?(?:\d{4},? )?(?<hour>\d{1,2})(?::(?<minute>\d\d))? ?(?<ampm>[ap]m)(?: \((?<zone>[^)]+)\))?/iu,
  /(?:resets?|reset at|try again at|again at) (?:at )?(?<hour>\d{1,2})(?::(?<minute>\d\d))? ?(?<ampm>[ap]m)(?: \((?<zone>[^)]+)\))?/iu,
];
/** A Tuesday, noon in UTC; five in the morning in Los Angeles. */
const NOW = Date.parse('2026-10-06T12:00:00Z');
const at = (text: string, now = NOW, zone = 'UTC'): string | undefined => {
  const found = limitEndsAt(text, PATTERNS, now, zone);
  return found === undefined ? undefined : new Date(found).toISOString();
};

test.each([
  ["You've hit your session limit · resets 7pm (UTC)", '2026-10-06T19:00:00.000Z'],
  ['Your limit will reset at 3pm (America/Los_Angeles)', '2026-10-06T22:00:00.000Z'],
  ['5-hour limit reached ∙ resets 4pm', '2026-10-06T16:00:00.000Z'],
  ['weekly limit · resets Oct 9, 1pm', '2026-10-09T13:00:00.000Z'],
  ['weekly limit · resets Jan 2, 1pm', '2027-01-02T13:00:00.000Z'],
  ['your credits will reset at 11pm', '2026-10-06T23:00:00.000Z'],
  ["You've hit your 5-hour limit · resets 9:55am (UTC)", '2026-10-07T09:55:00.000Z'],
  ['⚠ Usage limit reached · limit resets 9:55am', '2026-10-07T09:55:00.000Z'],
  ['You’ve hit your usage limit. ... try again at 10:17 PM.', '2026-10-06T22:17:00.000Z'],
  ['resets 12am (UTC)', '2026-10-07T00:00:00.000Z'],
  ['resets 12pm (UTC)', '2026-10-06T12:00:00.000Z'],
  ['limited until 2026-10-06T15:30:00Z', '2026-10-06T15:30:00.000Z'],
  ['reset 1791300000', '2026-10-06T15:20:00.000Z'],
  ['try again in 90 s', '2026-10-06T12:01:30.000Z'],
])('[S124] %s', (text, wanted) => {
  expect(at(text)).toBe(wanted);
});

test('[S124] an hour in another zone may be of another day', () => {
  const late = Date.parse('2026-10-06T23:30:00Z');
  expect(at('resets 6pm (America/Los_Angeles)', late)).toBe('2026-10-07T01:00:00.000Z');
  expect(at('resets 3am (Asia/Tokyo)', late)).toBe('2026-10-07T18:00:00.000Z');
});

test("where no zone is said, it is the machine's own", () => {
  expect(at('resets 4pm', NOW, 'Europe/Berlin')).toBe('2026-10-06T14:00:00.000Z');
});

test('the hour is right on the day on which the clocks are changed', () => {
  const before = Date.parse('2026-10-24T22:00:00Z');
  expect(at('resets 9am (Europe/Berlin)', before)).toBe('2026-10-25T08:00:00.000Z');
});

test('an hour that has only just passed is still the one that was meant', () => {
  expect(at('resets 11:55am (UTC)')).toBe('2026-10-06T11:55:00.000Z');
});

test.each([
  'resets 7pm (Nowhere/Land)',
  'resets 13pm',
  'resets 7:99pm',
  'resets Foo 3, 1pm',
  'Approaching usage limit',
])('what is no time is none: %s', (text) => {
  expect(at(text)).toBeUndefined();
});

test('a time of day is always the next one, and no farther away than a day', () => {
  const zones = fc.constantFrom('UTC', 'America/Los_Angeles', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia');
  const hours = fc.integer({ min: 1, max: 12 });
  const now = fc.integer({ min: NOW - 3e10, max: NOW + 3e10 });
  fc.assert(
    fc.property(hours, fc.constantFrom('am', 'pm'), zones, now, (hour, ampm, zone, when) => {
      const found = limitEndsAt(`resets ${hour}${ampm} (${zone})`, PATTERNS, when) ?? 0;
      // Two hours more where the clocks are changed on the way.
      return found > when - 600_001 && found <= when + 26 * 3_600_000;
    }),
  );
});
