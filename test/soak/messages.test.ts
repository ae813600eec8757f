import { expect, test } from 'vitest';
import { deliverAll, inWords } from '../e2e/messages/deliveries.ts';
import { withWorld } from '../e2e/support/world.ts';

// vitest run --project soak messages (after a build); MUXLET_SOAK_MESSAGES=500 MUXLET_SOAK_KILLS=20 MUXLET_SOAK_SEED=1

const {
  MUXLET_SOAK_MESSAGES = '500',
  MUXLET_SOAK_KILLS = '20',
  MUXLET_SOAK_SEED = `${Date.now() % 1e6}`,
} = process.env;

test('messages to idle, busy and starting agents, with the controller killed at random in between', () =>
  withWorld(async (world) => {
    const messages = Number(MUXLET_SOAK_MESSAGES);
    const kills = Number(MUXLET_SOAK_KILLS);
    const plan = { messages, kills, restarts: Math.round(kills / 2), each: 3, seed: Number(MUXLET_SOAK_SEED) };
    const outcome = await deliverAll(world, plan);
    process.stdout.write(`${inWords(outcome, plan)}\n`);
    expect(outcome.wrong).toEqual([]);
    expect(outcome.good).toBe(messages);
  }));
