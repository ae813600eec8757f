import { expect, test } from 'vitest';
import { withWorld } from '../support/world.ts';
import { deliverAll, inWords } from './deliveries.ts';

test(
  '[S81] [S82] [S96] [S99] whatever is sent to idle, busy and starting agents arrives whole, once and in order, with the controller killed in between',
  () =>
    withWorld(async (world) => {
      const plan = { messages: 40, kills: 3, restarts: 2, each: 2, seed: 1 };
      const outcome = await deliverAll(world, plan);
      expect(outcome.wrong, inWords(outcome, plan)).toEqual([]);
      expect(outcome.good).toBe(plan.messages);
    }),
  120_000,
);
