import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AgentReading } from '../../../controller/api/agent-reading.ts';
import type { AgentClassSpec, LimitStatus } from '../../../controller/api/generated/all.ts';
import { decideLimit } from '../../../controller/reconcile/agentclass/limit.ts';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const MINUTE = 60_000;
const iso = (ms: number): string => new Date(ms).toISOString();

function limited(at: number, limitEndsAt?: number): AgentReading {
  const ends = limitEndsAt === undefined ? {} : { limitEndsAt };
  return { agent: 'dev', run: '1-1', state: 'Limited', at, movedAt: at, turns: { prompts: [] }, ...ends };
}

function minutesHeld(spec: AgentClassSpec, previous: LimitStatus | undefined): number {
  const { limit } = decideLimit({ spec, previous, readings: [limited(NOW)], now: NOW });
  return (Date.parse(limit?.until ?? '') - NOW) / MINUTE;
}

describe('a usage limit', () => {
  test('[S124] holds until the stated time and two minutes', () => {
    const { limit, change } = decideLimit({
      spec: {},
      previous: undefined,
      readings: [limited(NOW - 1000, NOW + 60 * MINUTE)],
      now: NOW,
    });
    expect(change).toBe('Reached');
    expect(limit).toEqual({ since: iso(NOW - 1000), until: iso(NOW + 62 * MINUTE), waits: 0 });
  });

  test('how much later than the stated time is what its class says', () => {
    const readings = [limited(NOW - 1000, NOW + 60 * MINUTE)];
    const spec = { limits: { laterSeconds: 240 } };
    const { limit } = decideLimit({ spec, previous: undefined, readings, now: NOW });
    expect(limit?.until).toBe(iso(NOW + 64 * MINUTE));
    const later = decideLimit({ spec, previous: limit, readings: [limited(NOW, NOW + 70 * MINUTE)], now: NOW });
    expect(later.limit?.until).toBe(iso(NOW + 74 * MINUTE));
  });

  test('[S125] without a time, waits double from the fallback to two hours; 0 is a cycle of five hours', () => {
    const waits = [0, 1, 2, 3, 4, 5, 6].map((before) => minutesHeld({}, { waits: before }));
    expect(waits).toEqual([5, 10, 20, 40, 80, 120, 120]);
    expect(minutesHeld({ limits: { fallbackMinutes: 0 } }, undefined)).toBe(300);
    expect(minutesHeld({ limits: { fallbackMinutes: 200 } }, { waits: 3 })).toBe(200);
  });

  test('[S125] a stated time that had passed when it was shown is none', () => {
    const { limit } = decideLimit({ spec: {}, previous: undefined, readings: [limited(NOW, NOW - MINUTE)], now: NOW });
    expect(limit).toMatchObject({ until: iso(NOW + 5 * MINUTE), waits: 1 });
  });

  test('[S124] a stated minute that has begun when it is shown is the one at which it ends', () => {
    const readings = [limited(NOW + 20_000, NOW)];
    const { limit } = decideLimit({ spec: {}, previous: undefined, readings, now: NOW + 21_000 });
    expect(limit).toEqual({ since: iso(NOW + 20_000), until: iso(NOW + 2 * MINUTE), waits: 0 });
  });

  test('[S130] is over once, however late that is seen, and is not taken for a new one while agents still show it', () => {
    const previous = { since: iso(NOW - 9 * MINUTE), until: iso(NOW - MINUTE), waits: 0 };
    const readings = [limited(NOW - 9 * MINUTE)];
    const first = decideLimit({ spec: {}, previous, readings, now: NOW });
    expect(first).toEqual({ limit: { waits: 0, endedAt: iso(NOW) }, change: 'Over' });
    expect(decideLimit({ spec: {}, previous: first.limit, readings, now: NOW + 1 })).toEqual({ limit: first.limit });
    const again = decideLimit({ spec: {}, previous: first.limit, readings: [limited(NOW + 5)], now: NOW + 10 });
    expect(again.change).toBe('Reached');
  });

  test('a later time that another agent tells counts', () => {
    const previous = { since: iso(NOW - MINUTE), until: iso(NOW + MINUTE), waits: 0 };
    const { limit } = decideLimit({ spec: {}, previous, readings: [limited(NOW, NOW + 10 * MINUTE)], now: NOW });
    expect(limit?.until).toBe(iso(NOW + 12 * MINUTE));
  });

  test('never ends before it began, and always ends', () => {
    const time = fc.integer({ min: NOW - 9e6, max: NOW + 9e7 });
    fc.assert(
      fc.property(time, fc.option(time, { nil: undefined }), fc.integer({ min: 0, max: 300 }), (at, end, fallback) => {
        const spec = { limits: { fallbackMinutes: fallback } };
        const { limit } = decideLimit({ spec, previous: undefined, readings: [limited(at, end)], now: NOW });
        const until = Date.parse(limit?.until ?? '');
        expect(until).toBeGreaterThan(Math.min(at, NOW) - 1);
        expect(decideLimit({ spec, previous: limit, readings: [], now: until }).change).toBe('Over');
      }),
    );
  });
});
