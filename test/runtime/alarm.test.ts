import { expect, test } from 'vitest';
import { createAlarm } from '../../controller/runtime/alarm.ts';
import { createFakeClock } from '../queue/fake-clock.ts';

const LONGEST_MS = 60_000;

function setUp() {
  const clock = createFakeClock(0);
  const rings: number[] = [];
  const alarm = createAlarm(clock, LONGEST_MS, () => {
    rings.push(clock.now());
    return undefined;
  });
  return { clock, rings, alarm };
}

test('what is due at once is rung for at once', () => {
  const { clock, rings, alarm } = setUp();
  clock.advance(1000);
  alarm.by(1000);
  clock.advance(0);
  expect(rings).toEqual([1000]);
});

test('what becomes due one after the other is rung for together, twenty milliseconds later', () => {
  const { clock, rings, alarm } = setUp();
  for (let at = 0; at < 100; at += 1) {
    alarm.by(at);
    clock.advance(1);
  }
  expect(rings).toEqual([0, 20, 40, 60, 80, 100]);
});

test('a clock that is set back keeps nobody waiting for it', () => {
  const { clock, rings, alarm } = setUp();
  clock.advance(3_600_000);
  alarm.by(3_600_000);
  clock.advance(0);
  clock.set(0);
  alarm.by(0);
  clock.advance(20);
  expect(rings).toEqual([3_600_000, 20]);
});
