import { expect, test } from 'vitest';
import { createLimit } from '../../../controller/runtime/probes/limit.ts';

test('so many tasks run at once, the others in their order, and none whose signal fired before its turn', async () => {
  const limit = createLimit(2);
  const never = new AbortController();
  const given = new AbortController();
  const started: number[] = [];
  const ends: (() => void)[] = [];
  const task = (name: number) => () => {
    started.push(name);
    return new Promise<number>((resolve) => {
      ends.push(() => {
        resolve(name);
      });
    });
  };
  const all = [1, 2, 3, 4].map((name) => limit(name === 3 ? given.signal : never.signal, task(name)));
  await Promise.resolve();
  expect(started).toEqual([1, 2]);
  given.abort();
  ends[0]?.();
  await all[2];
  await Promise.resolve();
  expect(started).toEqual([1, 2, 4]);
  for (const end of ends) end();
  expect(await Promise.all(all)).toEqual([1, 2, undefined, 4]);
});
