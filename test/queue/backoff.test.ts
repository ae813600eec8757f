import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createBackoff } from '../../controller/queue/backoff.ts';

describe('backoff', () => {
  test('doubles from its base to its cap, per key, and starts over once forgotten', () => {
    const backoff = createBackoff<string>({ baseMs: 10, capMs: 50, jitter: 0, random: () => 0.5 });
    expect([1, 2, 3, 4, 5].map(() => backoff.next('a'))).toEqual([10, 20, 40, 50, 50]);
    expect(backoff.next('b')).toBe(10);
    backoff.forget('a');
    expect([backoff.failures('a'), backoff.next('a')]).toEqual([0, 10]);
  });

  test('never shrinks below the cap, never exceeds it, and is shortened by half at most, whatever chance does', () => {
    const chance = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { maxLength: 2_000 });
    const options = fc.record({
      baseMs: fc.integer({ min: 1, max: 1_000 }),
      capMs: fc.integer({ min: 1, max: 100_000 }),
      jitter: fc.double({ min: -1, max: 2, noNaN: true }),
    });
    fc.assert(
      fc.property(options, chance, ({ baseMs, capMs, jitter }, chances) => {
        let step = 0;
        const backoff = createBackoff<string>({ baseMs, capMs, jitter, random: () => chances[step] ?? 0 });
        let before = 0;
        for (step = 0; step < chances.length; step++) {
          const full = baseMs * 2 ** step;
          const pause = backoff.next('a');
          expect(pause).toBeLessThanOrEqual(Math.min(full, capMs));
          expect(pause).toBeGreaterThanOrEqual(Math.min(full, capMs) / 2);
          if (full < capMs) expect(pause).toBeGreaterThanOrEqual(before);
          before = pause;
        }
      }),
      { numRuns: 50 },
    );
  });
});
