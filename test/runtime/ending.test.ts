import { expect, test } from 'vitest';
import { createWorkQueue } from '../../controller/queue/work-queue.ts';
import { createController } from '../../controller/runtime/controller.ts';
import { createFreshness } from '../../controller/runtime/pool.ts';
import { createFakeClock } from '../queue/fake-clock.ts';

test('a signal that comes while it first looks at everything ends it: nobody would hear of it later', async () => {
  const clock = createFakeClock(0);
  const ending = new AbortController();
  const queue = createWorkQueue<'Project/web'>({ clock, random: () => 0.5 });
  const controller = createController({
    clock,
    queue,
    freshness: createFreshness(clock.now, 1000),
    specs: { start: () => Promise.resolve(), problems: () => [], keys: () => [] },
    state: { putProblems: () => undefined, keys: () => [], inventoryKeys: () => [], heal: () => undefined },
    places: { keysAt: () => [] },
    workers: {},
    mayAct: () => Promise.resolve(true),
    everything() {
      ending.abort();
      return Promise.resolve({ state: 'Unknown', at: 0, message: 'no answer' });
    },
    atOnce: 1,
    random: () => 0.5,
    resyncMs: 1000,
    onOutcome: () => undefined,
    onCrash: (_key: unknown, error: unknown) => {
      throw error;
    },
  } as unknown as Parameters<typeof createController>[0]);
  const ended = await Promise.race([
    controller.run(ending.signal).then(() => true),
    new Promise((resolve) => setTimeout(resolve, 1000, false)),
  ]);
  expect(ended).toBe(true);
});
