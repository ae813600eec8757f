import { expect, test } from 'vitest';
import { createDeathWatch } from '../../controller/observe/deaths.ts';
import { createFakeClock } from '../queue/fake-clock.ts';

/** Watches one server for so long, whose every answer takes `costMs`; gives how often it was asked, and who died. */
async function watch({ costMs, isTold }: { readonly costMs: number; readonly isTold: boolean }, forMs: number) {
  const clock = createFakeClock();
  const died: string[] = [];
  let asked = 0;
  const server = {
    name: 'main',
    request: async () => {
      asked += 1;
      clock.set(clock.now() + costMs);
      return { type: 'Done' as const, lines: ['7 %1 u web a h 1-a'] };
    },
  };
  const ended = new AbortController();
  const watching = createDeathWatch({
    servers: () => [server],
    now: clock.now,
    after: clock.after,
    isTold: () => isTold,
    onDeath: (project) => died.push(project),
  });
  watching.start(ended.signal);
  const until = clock.now() + forMs;
  while (clock.now() < until) {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    clock.advance(20);
  }
  ended.abort();
  return { asked, died };
}

test('each death is told once, however often it is seen', async () => {
  expect((await watch({ costMs: 0, isTold: false }, 2000)).died).toEqual(['web']);
});

test('many panes are asked for once a second, and seldom where the system tells of ends by itself', async () => {
  const alone = await watch({ costMs: 20, isTold: false }, 30_000);
  expect(alone.asked).toBeGreaterThanOrEqual(25);
  const some = await watch({ costMs: 5, isTold: true }, 30_000);
  expect(some.asked).toBeLessThanOrEqual(16);
  const told = await watch({ costMs: 20, isTold: true }, 30_000);
  expect(told.asked).toBeGreaterThanOrEqual(8);
  expect(told.asked).toBeLessThanOrEqual(12);
});

test('few panes cost little, and are asked for all the time', async () => {
  expect((await watch({ costMs: 0, isTold: true }, 2000)).asked).toBeGreaterThanOrEqual(15);
});
