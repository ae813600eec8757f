import { expect } from 'vitest';
import type { Behaviour } from '../../model-api/behaviour.ts';
import { eventually } from '../../support/eventually.ts';
import { changeClass } from '../changed-class.ts';
import type { Walk } from '../walk.ts';
import { busyWith, end } from './turn.ts';

/** The program has tries of its own; nobody else does anything meanwhile. */
export async function overloaded(walk: Walk): Promise<void> {
  const { tries } = walk.walked;
  await retried(walk, { type: 'failure', failure: 'overloaded', times: tries });
  await retried(walk, { type: 'failure', failure: 'unavailable', times: tries });
}

export async function dropped(walk: Walk): Promise<void> {
  await retried(walk, { type: 'drop', where: 'headers' });
  await retried(walk, { type: 'drop', where: 'stream' });
}

async function retried(walk: Walk, behaviour: Behaviour): Promise<void> {
  const before = walk.status();
  const mark = walk.mainRequests().length;
  walk.queue(behaviour, { type: 'stall', where: 'headers' });
  await walk.types('Try');
  await eventually(
    () => walk.api.stalled(walk.label) > 0 || undefined,
    async () => `the try after it (${walk.mainRequests().length - mark} requests)\n${await walk.screen()}`,
  );
  await walk.untilState('Busy');
  await end(walk);
  expect(walk.status()).toMatchObject({ run: before?.run, restarts: before?.restarts });
}

export async function gaveUp(walk: Walk): Promise<void> {
  const { state, reason } = walk.walked.gaveUp;
  const outcome = { state, reason, withinMs: TRIES_MS };
  await failing(walk, { type: 'failure', failure: 'overloaded', times: ALL }, outcome);
  await back(walk);
}

/** Once the trouble has passed it is told to go on, once; a person need not come. */
export async function goneOnWith(walk: Walk): Promise<void> {
  const { retriedSoon } = walk.walked;
  if (retriedSoon === undefined) throw new Error('the class says nothing of it');
  const { state, reason } = walk.walked.gaveUp;
  const before = walk.status();
  const known = walk.api.prompts(walk.label).length;
  await failing(walk, { type: 'failure', failure: 'overloaded', times: ALL }, { state, reason, withinMs: TRIES_MS });
  expect(walk.api.prompts(walk.label).slice(known).join()).not.toMatch(GO_ON);
  const mark = walk.mainRequests().length;
  walk.queue({ type: 'stall', where: 'headers' });
  // From here on it is due: nothing hangs on how long the program took to give up.
  changeClass(walk, retriedSoon);
  const { at } = await walk.request(mark);
  walk.truly('Busy', 'it was told to go on', at);
  await walk.untilState('Busy');
  await end(walk);
  await walk.comesToStay('Idle', 4000);
  const prompts = walk.api.prompts(walk.label).slice(known);
  expect(prompts.filter((prompt) => GO_ON.test(prompt))).toHaveLength(1);
  expect(walk.mainRequests()).toHaveLength(mark + 1);
  expect(walk.status()).toMatchObject({ run: before?.run, restarts: before?.restarts });
  expect(walk.status()?.failedTurn).toBeUndefined();
}

const GO_ON = /Go on with your work/;

export async function unauthorized(walk: Walk): Promise<void> {
  const state = 'NeedsAuth';
  await failing(walk, { type: 'failure', failure: 'unauthorized', times: ALL }, { state, forMs: LOOK_MS });
  await walk.killController();
  await walk.startController();
  await walk.staysSo(state, 4000);
  await back(walk);
}

export async function refused(walk: Walk): Promise<void> {
  for (const { failure, state, reason } of walk.walked.refusals) {
    await failing(walk, { type: 'failure', failure, times: ALL }, { state, reason });
    await back(walk);
  }
}

const ALL = 100;
/** Seven tries with growing pauses take Qwen Code 0.24.4 a minute and a half. */
const TRIES_MS = 130_000;
/** How often an account is looked at whose login is lost, and a little more. */
const LOOK_MS = 12_000;

interface Outcome {
  readonly state: string;
  readonly reason?: string | undefined;
  /** How long it has to be so. */
  readonly forMs?: number;
  /** How long the program's own tries may take. */
  readonly withinMs?: number;
}

/** Every request fails until the program gives up; then nobody restarts it. */
async function failing(
  walk: Walk,
  behaviour: Behaviour,
  { state, reason, forMs = 3000, withinMs = 90_000 }: Outcome,
): Promise<void> {
  const before = walk.status();
  walk.queue(behaviour);
  await walk.types('Try');
  await walk.untilState(state, reason, withinMs);
  walk.truly(state, 'the last try failed', walk.mainRequests().at(-1)?.endedAt);
  await walk.staysSo(state, forMs);
  expect(walk.status()).toMatchObject({ run: before?.run, restarts: before?.restarts });
  walk.api.clear(walk.label);
}

/** It is all right again, and a person says so. */
async function back(walk: Walk): Promise<void> {
  const before = walk.status();
  await busyWith(walk, 'And now');
  await end(walk);
  await walk.staysSo('Idle', 2000);
  expect(walk.status()).toMatchObject({ run: before?.run, restarts: before?.restarts });
}
