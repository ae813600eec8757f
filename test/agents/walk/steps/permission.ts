import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Behaviour } from '../../model-api/behaviour.ts';
import { eventually } from '../../support/eventually.ts';
import type { Walk } from '../walk.ts';
import { end } from './turn.ts';

/** How long nobody answers, so that one sees that nothing else does. */
const LEFT_ALONE_MS = 2500;
/** Nobody answers what just came up, and some programs take no key then. */
const READING_MS = 800;

export async function granted(walk: Walk): Promise<void> {
  const file = await asked(walk, 'granted');
  await walk.staysSo('Waiting', LEFT_ALONE_MS);
  expect(existsSync(file)).toBe(false);
  await grant(walk);
  expect(existsSync(file)).toBe(true);
  await end(walk);
}

export async function denied(walk: Walk): Promise<void> {
  const file = await asked(walk, 'denied');
  const { keys, denied: then, endsLate } = walk.walked;
  await walk.staysSo('Waiting', LEFT_ALONE_MS);
  if (then === 'Busy') walk.queue({ type: 'stall', where: 'headers' });
  const mark = walk.mainRequests().length;
  walk.truly(endsLate ? ['Busy', then] : then, 'a person denied it');
  await walk.presses(keys.deny);
  if (then === 'Busy') {
    await walk.request(mark);
    await walk.untilState('Busy');
    await end(walk);
  }
  await walk.untilState('Idle');
  await walk.staysSo('Idle', LEFT_ALONE_MS);
  expect(existsSync(file)).toBe(false);
}

export async function question(walk: Walk): Promise<void> {
  const { question: behaviour, keys } = walk.walked;
  if (behaviour === undefined || keys.answer === undefined) throw new Error('the class has no question');
  if (keys.askMode !== undefined) await walk.presses(keys.askMode);
  await waitingFor(walk, behaviour, 'Question');
  await walk.staysSo('Waiting', LEFT_ALONE_MS);
  const mark = walk.mainRequests().length;
  walk.queue({ type: 'stall', where: 'headers' });
  walk.truly('Busy', 'a person answered');
  await walk.presses(keys.answer);
  await walk.request(mark);
  await walk.untilState('Busy');
  await end(walk);
  if (keys.askMode !== undefined) await walk.presses(keys.askMode);
}

/** Until it waits for a permission; gives the file that would be made. */
export async function asked(walk: Walk, name: string): Promise<string> {
  const file = join(walk.world.work, `${name}.txt`);
  await waitingFor(walk, walk.walked.asks(file), 'PermissionPrompt');
  return file;
}

/** A person reads, and grants it; the agent is Busy with the request that follows. */
export async function grant(walk: Walk): Promise<void> {
  await walk.staysSo('Waiting', READING_MS);
  const mark = walk.mainRequests().length;
  walk.queue({ type: 'stall', where: 'headers' });
  walk.truly('Busy', 'a person granted it');
  await walk.presses(walk.walked.keys.grant);
  await walk.request(mark);
  await walk.untilState('Busy');
}

/** Until it waits, for that reason, with what it was told to ask. */
export async function waitingFor(walk: Walk, behaviour: Behaviour, reason: string): Promise<void> {
  const mark = walk.mainRequests().length;
  walk.queue(behaviour);
  await walk.types('Use a tool');
  await walk.request(mark);
  const asking = await eventually(
    () => walk.mainRequests()[mark]?.endedAt,
    () => 'the end of the answer that asks',
  );
  walk.truly('Waiting', `the model asked for a tool (${reason})`, asking);
  await walk.untilState('Waiting', reason);
}
