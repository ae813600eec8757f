import { expect, it } from 'vitest';
import { createLooksAhead } from '../../../controller/observe/launch-check/ahead.ts';

function world() {
  let now = 0;
  let looks = 0;
  const ahead = createLooksAhead<object, number>(
    () => {
      looks += 1;
      return looks === 13 ? Promise.reject(new Error('unlucky')) : Promise.resolve(looks);
    },
    () => now,
    (found) => found > 20,
  );
  return {
    ahead,
    pass(ms: number) {
      now += ms;
    },
    until(count: number) {
      looks = count;
    },
  };
}

it('gives what was begun a moment before, once', async () => {
  const { ahead, pass } = world();
  const thing = {};
  ahead.begin(thing);
  pass(50);
  expect([await ahead.take(thing), await ahead.take(thing)]).toEqual([1, 2]);
});

it('gives what nothing is wrong with a little longer, and begins no other look meanwhile', async () => {
  const { ahead, pass, until } = world();
  const thing = {};
  until(20);
  ahead.begin(thing);
  pass(150);
  ahead.begin(thing);
  pass(50);
  expect(await ahead.take(thing)).toBe(21);
  ahead.begin(thing);
  pass(151);
  ahead.begin(thing);
  expect(await ahead.take(thing)).toBe(23);
  ahead.begin(thing);
  pass(201);
  expect(await ahead.take(thing)).toBe(25);
});

it('looks anew where that is longer ago, or nothing was begun of this very thing', async () => {
  const { ahead, pass } = world();
  const thing = {};
  ahead.begin(thing);
  pass(51);
  expect(await ahead.take(thing)).toBe(2);
  ahead.begin(thing);
  expect(await ahead.take({})).toBe(4);
});

it('hands a failure on to who asks, and to nobody else', async () => {
  const { ahead, until } = world();
  const thing = {};
  until(12);
  ahead.begin(thing);
  until(12);
  ahead.begin({});
  await expect(ahead.take(thing)).rejects.toThrow('unlucky');
});
