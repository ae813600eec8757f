import { expect, test } from 'vitest';
import { intervalMs } from '../../controller/api/interval.ts';

test('an interval is a whole number and a unit, and ends within a hundred years', () => {
  expect(['90s', '30m', '2h', '1d', '0s', '007m'].map(intervalMs)).toEqual([
    90_000, 1_800_000, 7_200_000, 86_400_000, 0, 420_000,
  ]);
  // What is beyond would be no date any more.
  expect(() => new Date(Date.now() + intervalMs('99999999999999999999d')).toISOString()).not.toThrow();
  for (const nothing of ['', '5', 's', '1.5h', '-1s', ' 1s']) expect(intervalMs(nothing)).toBeNaN();
});
