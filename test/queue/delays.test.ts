import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDelays } from '../../controller/queue/delays.ts';
import { createFakeClock } from './fake-clock.ts';

function setUp() {
  const clock = createFakeClock();
  const came: string[] = [];
  return { clock, came, delays: createDelays<string>(clock, (key) => came.push(key)) };
}

describe('delays', () => {
  test('keep the earlier time, whichever was asked for first', () => {
    const { clock, came, delays } = setUp();
    delays.schedule('a', 100);
    delays.schedule('a', 10);
    delays.schedule('b', 10);
    delays.schedule('b', 100);
    clock.advance(9);
    expect(came).toEqual([]);
    clock.advance(1);
    expect(came).toEqual(['a', 'b']);
    clock.advance(1_000);
    expect(came).toEqual(['a', 'b']);
  });

  test('use one timer for any number of keys', () => {
    const { clock, delays } = setUp();
    for (let index = 0; index < 1_000; index++) delays.schedule(`key-${index}`, 1_000 - index);
    expect(clock.timers()).toBe(1);
    delays.clear();
    expect(clock.timers()).toBe(0);
  });

  test('sleep longer than the longest timeout of node in parts', () => {
    const { clock, came, delays } = setUp();
    delays.schedule('a', 2 ** 32);
    clock.advance(2 ** 32 - 1);
    expect(came).toEqual([]);
    clock.advance(1);
    expect(came).toEqual(['a']);
  });

  test('do not wait for the clock to catch up when it is set back', () => {
    const { clock, came, delays } = setUp();
    delays.schedule('a', 100);
    delays.schedule('b', 200);
    clock.set(clock.now() - 3_600_000);
    clock.advance(100);
    expect(came).toEqual(['a']);
    clock.advance(100);
    expect(came).toEqual(['a', 'b']);
  });

  test('do not wait for a long wait of another key when the clock is set forward past it', () => {
    const { clock, came, delays } = setUp();
    delays.schedule('a', 300_000);
    clock.set(clock.now() + 3_600_000);
    delays.schedule('b', 100);
    clock.advance(100);
    expect(came).toEqual(['a', 'b']);
  });

  test('wait longer by at most the time since the clock was read, when another wait shows that it was set back', () => {
    const { clock, came, delays } = setUp();
    delays.schedule('a', 100);
    clock.advance(0);
    clock.set(clock.now() - 3_600_000);
    clock.advance(50);
    delays.schedule('c', 75);
    clock.advance(75);
    expect(came).toEqual(['c']);
    clock.advance(25);
    expect(came).toEqual(['c', 'a']);
  });

  test('take a timer that fires a little early by the clock for due', () => {
    const { clock, came, delays } = setUp();
    delays.schedule('a', 100);
    clock.set(clock.now() - 1);
    clock.advance(100);
    expect(came).toEqual(['a']);
    expect(clock.timers()).toBe(0);
  });

  test('come in the order of their times, for any schedule, each at its earliest time', () => {
    const request = fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
      delayMs: fc.integer({ min: 1, max: 60 }),
      thenMs: fc.integer({ min: 0, max: 30 }),
    });
    fc.assert(
      fc.property(fc.array(request, { maxLength: 60 }), (requests) => {
        const clock = createFakeClock(0);
        const came: string[] = [];
        const delays = createDelays<string>(clock, (key) => came.push(`${clock.now()} ${key}`));
        const wanted = new Map<string, number>();
        const expected: string[] = [];
        const collect = (until: number) => {
          for (const [key, at] of [...wanted].filter(([, due]) => due <= until)) {
            expected.push(`${at} ${key}`);
            wanted.delete(key);
          }
        };
        for (const { key, delayMs, thenMs } of requests) {
          delays.schedule(key, delayMs);
          wanted.set(key, Math.min(wanted.get(key) ?? Number.POSITIVE_INFINITY, clock.now() + delayMs));
          expect(delays.size).toBe(wanted.size);
          clock.advance(thenMs);
          collect(clock.now());
        }
        clock.advance(1_000);
        collect(clock.now());
        const times = came.map((line) => Number.parseInt(line, 10));
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect([...came].sort()).toEqual([...expected].sort());
      }),
    );
  });
});
