// So many messages to one class, as a test of its own.
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ModelApi, startModelApi } from '../../model-api/start-model-api.ts';
import { say } from '../summary.ts';
import type { WalkedClass } from '../walked-class.ts';
import { deliverAll, inWords } from './deliver-all.ts';
import type { Plan } from './plan.ts';

/** Agents of each sort: such as do something even while they wait are fewer. */
const EACH = { light: 3, heavy: 1 } as const;
/** A kill of the controller for so many messages. */
const A_KILL = 20;
const MS_A_MESSAGE = 10_000;

export function walkMessages(walked: WalkedClass, messages: number): void {
  describe(`${walked.name} under muxlet, written to`, () => {
    let api: ModelApi;
    beforeAll(async () => {
      api = await startModelApi();
    });
    afterAll(() => api.close());
    test(
      `${messages} messages come whole, in order and once, with the controller killed at random in between`,
      () => deliver(walked, api, { messages, each: walked.isHeavy ? EACH.heavy : EACH.light }),
      300_000 + messages * MS_A_MESSAGE,
    );
  });
}

/** As many as one has time for with each change. */
export function someMessages(walked: WalkedClass, api: ModelApi): Promise<void> {
  return deliver(walked, api, { messages: 30, each: 1 });
}

async function deliver(walked: WalkedClass, api: ModelApi, size: Pick<Plan, 'messages' | 'each'>): Promise<void> {
  const seed = Number(process.env['MUXLET_WALK_SEED'] ?? Date.now() % 1_000_000);
  const plan = { ...size, kills: Math.ceil(size.messages / A_KILL), seed };
  const outcome = await deliverAll(walked, { api, label: `${walked.name}-messages` }, plan);
  say(`${walked.name}: ${[inWords(outcome, plan), ...outcome.wrong].join('\n')}`);
  expect({ wrong: outcome.wrong, good: outcome.good }).toEqual({ wrong: [], good: size.messages });
}
