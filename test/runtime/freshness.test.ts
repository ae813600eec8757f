import { expect, test } from 'vitest';
import { createFreshness } from '../../controller/runtime/pool.ts';

test('no look is used that is older than the last thing that happened, however often the key is taken', () => {
  let now = 100_000;
  const freshness = createFreshness(() => now, 6000);
  expect(freshness.take('project/web')).toBe(94_000);
  freshness.want('project/web');
  now += 10;
  expect(freshness.take('project/web')).toBe(100_000);
  expect(freshness.take('project/web')).toBe(100_000);
  freshness.want('project/web', 99_000);
  expect(freshness.take('project/web')).toBe(100_000);
  now += 7000;
  expect(freshness.take('project/web')).toBe(now - 6000);
});
