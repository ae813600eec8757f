import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Key } from '../../controller/api/key.ts';
import { createResumePace } from '../../controller/runtime/resume-pace.ts';

const OLD = [{ run: '5-a' }];
const key = (name: string): Key => `project/${name}`;

function pace(rebootedAt: number | undefined) {
  let time = 1000;
  const made = createResumePace({ rebootedAt, now: () => time, random: () => 0.5 });
  return { ...made, pass: (ms: number) => (time += ms) };
}

test('[S75] two are under way at a time, and the next comes a little after one is done', () => {
  const { wait, made, done, pass } = pace(100);
  for (const name of ['a', 'b']) {
    expect(wait(key(name), OLD)).toBe(0);
    made(key(name));
  }
  expect(wait(key('c'), OLD)).toBeGreaterThan(0);
  done(key('a'));
  expect(wait(key('c'), OLD)).toBe(500);
  pass(500);
  expect(wait(key('c'), OLD)).toBe(0);
});

test('one that never gets ready keeps the others waiting for a minute', () => {
  const { wait, made, pass } = pace(100);
  for (const name of ['a', 'b']) made(key(name));
  pass(59_999);
  expect(wait(key('c'), OLD)).toBeGreaterThan(0);
  pass(1);
  expect(wait(key('c'), OLD)).toBe(0);
});

test.each([
  ['without a reboot', undefined, OLD],
  ['for a project that never ran', 100, []],
  ['for a run of this boot', 100, [{ run: '5-a' }, { run: '500-b' }]],
])('[S74] nobody waits %s', (_, rebootedAt, agents) => {
  const { wait, made } = pace(rebootedAt);
  for (const name of ['a', 'b', 'c', 'd']) made(key(name));
  expect(wait(key('e'), agents)).toBe(0);
});

test('whatever happens: never more than two are let go at once, and nobody waits for ever', () => {
  const steps = fc.array(
    fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd', 'e'), isDone: fc.boolean(), ms: fc.nat(5000) }),
  );
  fc.assert(
    fc.property(steps, (all) => {
      const { wait, made, done, pass } = pace(100);
      const underway = new Map<string, number>();
      let time = 0;
      for (const { name, isDone, ms } of all) {
        pass(ms);
        time += ms;
        for (const [other, since] of underway) if (time - since >= 60_000) underway.delete(other);
        if (isDone) {
          done(key(name));
          underway.delete(name);
        } else if (wait(key(name), OLD) === 0) {
          made(key(name));
          underway.set(name, time);
        }
        expect(underway.size).toBeLessThanOrEqual(2);
      }
      pass(61_000);
      expect(wait(key('z'), OLD)).toBe(0);
    }),
  );
});
