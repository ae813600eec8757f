import { expect, test } from 'vitest';
import { createController } from '../../controller/runtime/controller.ts';
import { createFreshness } from '../../controller/runtime/pool.ts';
import { createFakeClock } from '../queue/fake-clock.ts';

test('the longer a look at everything takes, the later comes the next one that a notification asks for', async () => {
  const clock = createFakeClock(0);
  const looks: number[] = [];
  const controller = createController({
    clock,
    freshness: createFreshness(clock.now, 1000),
    everything() {
      looks.push(clock.now());
      clock.set(clock.now() + 300);
      return Promise.resolve({ state: 'Known', at: clock.now(), value: [] });
    },
    onCrash(_: unknown, error: unknown) {
      throw error;
    },
  } as unknown as Parameters<typeof createController>[0]);
  const notifiedFor = async (ms: number): Promise<void> => {
    controller.notified('muxlet', 'sessions-changed', '');
    clock.advance(ms);
    await new Promise(setImmediate);
  };

  await notifiedFor(400);
  expect(looks).toEqual([400]);
  await notifiedFor(1199);
  expect(looks).toEqual([400]);
  clock.advance(1);
  await new Promise(setImmediate);
  expect(looks).toEqual([400, 1900]);
});
