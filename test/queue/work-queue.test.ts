import { describe, expect, test } from 'vitest';
import { createWorkQueue, type QueueHooks } from '../../controller/queue/work-queue.ts';
import { createFakeClock } from './fake-clock.ts';

function setUp(hooks: QueueHooks<string> = {}) {
  const clock = createFakeClock();
  const backoff = { baseMs: 100, capMs: 1_000, jitter: 0 };
  return { clock, queue: createWorkQueue<string>({ clock, random: () => 0, backoff, hooks }) };
}

describe('a work queue', () => {
  test('hands out keys in the order of their first add', async () => {
    const { queue } = setUp();
    for (const key of ['a', 'b', 'a', 'c']) queue.add(key);
    expect([await queue.take(), await queue.take(), await queue.take()].map((taken) => taken?.key)).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(queue.length).toBe(0);
  });

  test('hands out what was added at leisure behind all else, and every twelfth take', async () => {
    const { queue } = setUp();
    for (const key of ['x', 'y', 'z']) queue.addAtLeisure(key);
    for (const key of 'abcdefghijklm') queue.add(key);
    const order = await Promise.all(Array.from({ length: 16 }, () => queue.take()));
    expect(order.map((taken) => taken?.key).join('')).toBe('abcdefghijkxlmyz');
  });

  test('moves a key up that was added at leisure and then otherwise, and never hands it out twice', async () => {
    const { queue } = setUp();
    for (const key of ['x', 'y']) queue.addAtLeisure(key);
    queue.add('y');
    queue.addAtLeisure('y');
    expect([(await queue.take())?.key, (await queue.take())?.key]).toEqual(['y', 'x']);
    expect(queue.length).toBe(0);
    // Also while it is being worked on.
    queue.addAtLeisure('y');
    queue.addAtLeisure('z');
    queue.add('y');
    queue.done('y');
    expect((await queue.take())?.key).toBe('y');
  });

  test('adds at leisure whatever nobody waits for, however it is added', async () => {
    const isPatient = (key: string): boolean => key === 'x';
    const queue = createWorkQueue<string>({ clock: createFakeClock(), random: () => 0, isPatient });
    for (const key of ['x', 'a', 'b']) queue.add(key);
    const order = await Promise.all(Array.from({ length: 3 }, () => queue.take()));
    expect(order.map((taken) => taken?.key)).toEqual(['a', 'b', 'x']);
  });

  describe('with time for what is in a hurry', () => {
    function setUpLeisure() {
      const clock = createFakeClock();
      const leisure = { quietMs: 20, atMostMs: 100, overdueAtOnce: 2 };
      const queue = createWorkQueue<string>({ clock, random: () => 0, leisure });
      const taken: string[] = [];
      const take = (): void => void queue.take().then((one) => taken.push(one?.key ?? 'the end'));
      const takenAfter = async (ms: number): Promise<string> => {
        clock.advance(ms);
        await Promise.resolve();
        return taken.join('');
      };
      return { clock, queue, take, takenAfter };
    }

    test('what is at leisure waits until nothing in a hurry was taken for a while', async () => {
      const { queue, take, takenAfter } = setUpLeisure();
      queue.addAtLeisure('x');
      queue.add('a');
      for (const _ of 'axby') take();
      queue.done('a');
      expect(await takenAfter(19)).toBe('a');
      queue.add('b');
      queue.done('b');
      expect(await takenAfter(19)).toBe('ab');
      queue.addAtLeisure('y');
      expect(await takenAfter(1)).toBe('abxy');
    });

    test('what is at leisure waits while something in a hurry is worked on, unless that takes too long', async () => {
      const { clock, queue, take, takenAfter } = setUpLeisure();
      queue.add('a');
      for (const _ of 'axbyz') take();
      queue.addAtLeisure('x');
      expect(await takenAfter(40)).toBe('a');
      queue.done('a');
      expect(await takenAfter(19)).toBe('a');
      expect(await takenAfter(1)).toBe('ax');
      queue.add('b');
      await takenAfter(10);
      queue.addAtLeisure('y');
      expect(await takenAfter(89)).toBe('axb');
      // It hangs.
      expect(await takenAfter(1)).toBe('axby');
      queue.addAtLeisure('z');
      expect(await takenAfter(0)).toBe('axbyz');
      expect(clock.timers()).toBe(0);
    });

    test('what is at leisure and hangs keeps the others waiting no longer than that, one after the other', async () => {
      const { queue, take, takenAfter } = setUpLeisure();
      for (const key of 'xyzw') queue.addAtLeisure(key);
      take();
      take();
      expect(await takenAfter(0)).toBe('xy');
      const hurried: string[] = [];
      for (let at = 0; at < 200; at += 50) {
        queue.add(`${at}`);
        for (const _ of 'az') take();
        hurried.push(await takenAfter(50));
        queue.done(`${at}`);
      }
      expect(hurried.findIndex((taken) => taken.includes('z'))).toBe(1);
      expect(hurried.findIndex((taken) => taken.includes('w'))).toBe(3);
    });

    test('but no longer than it may, nor for what is in a hurry itself, nor for a clock that is set', async () => {
      const { clock, queue, take, takenAfter } = setUpLeisure();
      for (const _ of 'abcdefghxyzw') take();
      queue.addAtLeisure('x');
      expect(await takenAfter(0)).toBe('x');
      queue.add('a');
      queue.addAtLeisure('y');
      for (const key of 'bcdef') {
        queue.add(key);
        await takenAfter(18);
      }
      queue.add('g');
      expect(await takenAfter(9)).toBe('xabcdefg');
      expect(await takenAfter(1)).toBe('xabcdefgy');
      queue.add('h');
      queue.addAtLeisure('z');
      expect(await takenAfter(0)).toBe('xabcdefgyh');
      queue.add('z');
      expect(await takenAfter(0)).toBe('xabcdefgyhz');
      clock.set(-1000);
      queue.addAtLeisure('w');
      expect(await takenAfter(0)).toBe('xabcdefgyhzw');
    });

    test('of what has waited too long only two are worked on at once, until nothing in a hurry was taken for a while', async () => {
      const { queue, take, takenAfter } = setUpLeisure();
      for (const key of 'vwxyz') queue.addAtLeisure(key);
      for (const key of 'abcdef') {
        queue.add(key);
        take();
        await takenAfter(18);
      }
      queue.add('g');
      for (const _ of 'gvwxyz') take();
      expect(await takenAfter(0)).toBe('abcdefgvw');
      queue.done('w');
      expect(await takenAfter(0)).toBe('abcdefgvwx');
      for (const key of 'abcdefg') queue.done(key);
      expect(await takenAfter(19)).toBe('abcdefgvwx');
      expect(await takenAfter(1)).toBe('abcdefgvwxyz');
    });

    test('an end ends the wait as well', async () => {
      const { clock, queue, take, takenAfter } = setUpLeisure();
      take();
      take();
      queue.add('a');
      queue.addAtLeisure('x');
      expect(clock.timers()).toBe(1);
      queue.shutDown();
      expect(clock.timers()).toBe(0);
      expect(await takenAfter(100)).toBe('athe end');
    });
  });

  test('a retry is in a hurry, what comes with time is not', async () => {
    const { clock, queue } = setUp();
    queue.addAfter('x', 50);
    queue.retryLater('a');
    clock.advance(200);
    expect([(await queue.take())?.key, (await queue.take())?.key]).toEqual(['a', 'x']);
  });

  test('tells the time of the latest add', async () => {
    const { clock, queue } = setUp();
    const start = clock.now();
    queue.add('a');
    clock.advance(40);
    queue.add('a');
    clock.advance(2);
    expect(await queue.take()).toEqual({ key: 'a', addedAt: start + 40 });
  });

  test('does not hand out a key again until it is done, and keeps the add until then', async () => {
    const { clock, queue } = setUp();
    queue.add('a');
    await queue.take();
    clock.advance(5);
    queue.add('a');
    const addedAt = clock.now();
    expect(queue.length).toBe(0);
    expect(queue.figures().depth).toBe(1);
    clock.advance(5);
    const taken = queue.take();
    queue.done('a');
    expect(await taken).toEqual({ key: 'a', addedAt });
    queue.done('a');
    expect(queue.figures()).toMatchObject({ depth: 0, processing: 0 });
  });

  test('serves those who wait in their order', async () => {
    const { queue } = setUp();
    const [first, second] = [queue.take(), queue.take()];
    queue.add('a');
    queue.add('b');
    expect([(await first)?.key, (await second)?.key]).toEqual(['a', 'b']);
  });

  test('ignores a done of a key that is not taken', async () => {
    const { queue } = setUp();
    queue.add('a');
    queue.done('a');
    queue.done('b');
    expect((await queue.take())?.key).toBe('a');
  });

  test('ends its takes and ignores adds once it is shut down', async () => {
    const { clock, queue } = setUp();
    const pending = queue.take();
    queue.addAfter('later', 10);
    queue.shutDown();
    queue.add('a');
    queue.addAfter('b', 5);
    queue.retryLater('c');
    clock.advance(10_000);
    expect([await pending, await queue.take()]).toEqual([undefined, undefined]);
    expect(clock.timers()).toBe(0);
    expect(queue.figures()).toMatchObject({ depth: 0, delayed: 0 });
  });

  test('takes a delay that is none, or no number, for an add', () => {
    const { queue } = setUp();
    queue.addAfter('a', 0);
    queue.addAfter('b', -1);
    queue.addAfter('c', Number.NaN);
    expect(queue.length).toBe(3);
  });

  test('adds a key that failed after its backoff, and starts over once it is forgotten', () => {
    const { clock, queue } = setUp();
    expect([queue.retryLater('a'), queue.failures('a')]).toEqual([100, 1]);
    clock.advance(99);
    expect(queue.length).toBe(0);
    clock.advance(1);
    expect(queue.length).toBe(1);
    expect(queue.retryLater('a')).toBe(200);
    queue.forget('a');
    expect(queue.failures('a')).toBe(0);
    expect(queue.retryLater('a')).toBe(100);
  });

  test('tells its hooks how long a key waited and was worked on, from the first add and from the take', async () => {
    const told: unknown[] = [];
    const { clock, queue } = setUp({
      onAdd: (key) => told.push(['add', key]),
      onTake: (key, ms) => told.push(['take', key, ms]),
      onDone: (key, ms) => told.push(['done', key, ms]),
      onRetry: (key, ms) => told.push(['retry', key, ms]),
    });
    queue.add('a');
    clock.advance(3);
    queue.add('a');
    clock.advance(4);
    await queue.take();
    clock.advance(11);
    queue.retryLater('a');
    queue.done('a');
    expect(told).toEqual([
      ['add', 'a'],
      ['take', 'a', 7],
      ['retry', 'a', 100],
      ['done', 'a', 11],
    ]);
  });

  test('counts the work that is under way', async () => {
    const { clock, queue } = setUp();
    queue.add('a');
    queue.add('b');
    await queue.take();
    clock.advance(10);
    await queue.take();
    clock.advance(5);
    queue.addAfter('c', 100);
    expect(queue.figures()).toEqual({ depth: 0, processing: 2, delayed: 1, unfinishedMs: 20, longestMs: 15 });
  });
});
