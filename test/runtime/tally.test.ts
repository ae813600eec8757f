import { expect, test } from 'vitest';
import type { RunStatus } from '../../controller/api/generated/all.ts';
import { createTally } from '../../controller/runtime/tally.ts';

const KEY = 'project/web';
const run = (countedAt: string | undefined, activeSeconds = 0): RunStatus => ({
  attempt: 1,
  stage: 'Active',
  stageSince: '2030-01-01T00:00:00.000Z',
  activeSeconds,
  extensions: 0,
  ...(countedAt !== undefined && { countedAt }),
});
const FIRST = run('2030-01-01T00:00:00.000Z');

function tallyAt() {
  const clock = { at: 5_000_000 };
  return { clock, tally: createTally(() => clock.at) };
}

test('what passes between two looks is added up, from the moment in which the last count was written', () => {
  const { clock, tally } = tallyAt();
  tally.written(KEY, FIRST);
  clock.at += 30_000;
  expect(tally.since(KEY, FIRST)).toBe(30_000);
  clock.at += 1000;
  expect(tally.since(KEY, FIRST)).toBe(31_000);
  const next = run('2030-01-01T00:00:31.000Z', 31);
  tally.written(KEY, next);
  clock.at += 10;
  expect(tally.since(KEY, next)).toBe(10);
});

test('[S79] a step in which the machine slept, or nobody could look, is not counted, and takes nothing away', () => {
  const { clock, tally } = tallyAt();
  tally.written(KEY, FIRST);
  clock.at += 20_000;
  expect(tally.since(KEY, FIRST)).toBe(20_000);
  clock.at += 3_600_000;
  expect(tally.since(KEY, FIRST)).toBe(20_000);
  clock.at += 5000;
  expect(tally.since(KEY, FIRST)).toBe(25_000);
});

test('a count that this controller did not write begins with its first look; while the clock stands there is none', () => {
  const { clock, tally } = tallyAt();
  expect(tally.since(KEY, FIRST)).toBe(0);
  clock.at += 7000;
  expect(tally.since(KEY, FIRST)).toBe(7000);
  expect(tally.since(KEY, run(undefined, 7))).toBe(0);
  clock.at += 7000;
  expect(tally.since(KEY, run(undefined, 7))).toBe(0);
});

test('two counts at the same time of day are two: the clock was set back in between', () => {
  const { clock, tally } = tallyAt();
  tally.written(KEY, FIRST);
  clock.at += 60_000;
  tally.written(KEY, run(FIRST.countedAt, 60));
  clock.at += 1000;
  expect(tally.since(KEY, run(FIRST.countedAt, 60))).toBe(1000);
});
