import fc from 'fast-check';
import { expect, test } from 'vitest';
import { restartDelayMs } from '../../../controller/reconcile/project/backoff.ts';

const BACKOFF = { initialMs: 1000, maxMs: 10_000, resetAfterMs: 60_000 };

test.each([
  [0, 0],
  [1, 0],
  [2, 1000],
  [3, 2000],
  [4, 4000],
  [5, 8000],
  [6, 10_000],
  [5000, 10_000],
])('after %i ends in a row the next run waits %i ms', (failures, ms) => {
  expect(restartDelayMs(failures, BACKOFF)).toBe(ms);
});

test('a pause is finite, never above the longest, and never shorter than the one before', () => {
  const backoff = fc.record({ initialMs: fc.nat(10_000), maxMs: fc.nat(1_000_000), resetAfterMs: fc.nat() });
  fc.assert(
    fc.property(fc.nat(10_000), backoff, (failures, given) => {
      const pause = restartDelayMs(failures, given);
      expect(pause).toBeLessThanOrEqual(given.maxMs);
      expect(pause).toBeGreaterThanOrEqual(0);
      expect(restartDelayMs(failures + 1, given)).toBeGreaterThanOrEqual(pause);
    }),
  );
});
