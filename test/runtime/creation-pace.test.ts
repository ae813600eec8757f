import { expect, test } from 'vitest';
import { createCreationPace } from '../../controller/runtime/creation-pace.ts';

const KEY = 'project/web';

test('the first two makings wait for nothing, the next ones ever longer, up to 5 s', () => {
  let now = 0;
  const pace = createCreationPace(() => now);
  const waits: number[] = [];
  for (let making = 0; making < 12; making += 1) {
    waits.push(pace.wait(KEY));
    now += pace.wait(KEY);
    pace.made(KEY);
  }
  expect(waits).toEqual([0, 0, 50, 100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
});

test('a session that was seen to run is made at once the next time', () => {
  const pace = createCreationPace(() => 0);
  for (let making = 0; making < 5; making += 1) pace.made(KEY);
  expect(pace.wait(KEY)).toBeGreaterThan(0);
  pace.ran(KEY);
  expect(pace.wait(KEY)).toBe(0);
});

test('a clock that is set back makes nobody wait longer than the pause', () => {
  let now = 1_000_000;
  const pace = createCreationPace(() => now);
  for (let making = 0; making < 4; making += 1) pace.made(KEY);
  now = 0;
  expect(pace.wait(KEY)).toBe(200);
  now += 200;
  expect(pace.wait(KEY)).toBe(0);
});
