import { expect, test } from 'vitest';
import type { Key } from '../../controller/api/key.ts';
import { createController } from '../../controller/runtime/controller.ts';
import { createFreshness } from '../../controller/runtime/pool.ts';
import { createFakeClock } from '../queue/fake-clock.ts';

const KEY: Key = 'project/web';

/** A controller that has begun and has no work; a look at everything takes it so many milliseconds. */
async function begun(lookMs: number) {
  const clock = createFakeClock(0);
  const freshness = createFreshness(clock.now, 6000);
  const looks: number[] = [];
  const added: string[] = [];
  const told: { changed?: (keys: readonly Key[]) => void } = {};
  const controller = createController({
    clock,
    freshness,
    random: () => 0,
    resyncMs: 60_000,
    atOnce: 0,
    queue: { add: () => added.push('now'), addAtLeisure: () => added.push('at leisure') },
    specs: {
      start: async (_: AbortSignal, changed: (keys: readonly Key[]) => void) => void (told.changed = changed),
      keys: () => [],
      problems: () => [],
    },
    state: { keys: () => [], inventoryKeys: () => [], putProblems: () => undefined },
    mayAct: async () => true,
    onDeclared: () => undefined,
    everything() {
      looks.push(clock.now());
      clock.set(clock.now() + lookMs);
      return Promise.resolve({ state: 'Known', at: clock.now(), value: [] });
    },
  } as unknown as Parameters<typeof createController>[0]);
  const end = new AbortController();
  await controller.run(end.signal);
  looks.splice(0);
  return { controller, clock, freshness, looks, added, told };
}

test.each([
  { lookMs: 5, ahead: 1 },
  { lookMs: 6, ahead: 0 },
])(
  'while specs change all is looked at ahead, if that takes no longer than 5 ms: $lookMs',
  async ({ lookMs, ahead }) => {
    const { controller, looks } = await begun(lookMs);
    controller.lookAhead();
    await new Promise(setImmediate);
    expect(looks).toHaveLength(ahead);
  },
);

test('for what was read or decided a look of the last second will do, unless something has happened to it since', async () => {
  const { controller, clock, freshness, added, told } = await begun(0);
  clock.set(10_000);
  told.changed?.([KEY]);
  expect(freshness.take(KEY)).toBe(9000);
  controller.hintDecided(KEY);
  expect(freshness.take(KEY)).toBe(9000);
  controller.hint(KEY);
  expect(freshness.take(KEY)).toBe(10_000);
  controller.hintDecided(KEY);
  expect(freshness.take(KEY)).toBe(10_000);
  expect(added).toEqual(['at leisure', 'now', 'now', 'now']);
});
