import { existsSync, readFileSync } from 'node:fs';
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
  await grantedFor(walk, 'granted');
}

async function grantedFor(walk: Walk, name: string): Promise<void> {
  const file = await asked(walk, name);
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
  await walk.comesToStay('Idle', LEFT_ALONE_MS);
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

/** One after the other, each for itself. */
export async function twoAsked(walk: Walk): Promise<void> {
  const { asksTwice, runsThemTogether } = walk.walked;
  if (asksTwice === undefined) throw new Error('the class asks for one thing at a time');
  const files = [join(walk.world.work, 'first.txt'), join(walk.world.work, 'second.txt')] as const;
  await waitingFor(walk, asksTwice(files), 'PermissionPrompt');
  await read(walk);
  const mark = walk.mainRequests().length;
  walk.truly(['Busy', 'Waiting'], 'a person granted the first');
  await walk.presses(walk.walked.keys.grant);
  // Whether it is Busy in between is over too soon to be seen of every program.
  const granted = performance.now();
  const isGranted = () => runsThemTogether === true || files.some((file) => existsSync(file));
  await eventually(
    () => (performance.now() > granted + READING_MS && isGranted()) || undefined,
    async () => `what was granted\n${await walk.screen()}`,
  );
  // The status may still show the first for a moment, and then that it works.
  const since = await walk.comesToStay('Waiting', LEFT_ALONE_MS);
  walk.truly('Waiting', 'it asked for the second', since);
  expect(files.filter((file) => existsSync(file))).toHaveLength(runsThemTogether ? 0 : 1);
  expect(walk.mainRequests()).toHaveLength(mark);
  await grant(walk);
  expect(files.filter((file) => existsSync(file))).toHaveLength(2);
  await end(walk);
}

/** What its own tools ask for before they write. */
export async function files(walk: Walk): Promise<void> {
  const { writes, edits } = walk.walked;
  if (writes === undefined || edits === undefined) throw new Error('the class writes no files');
  const file = join(walk.world.work, 'written.txt');
  await waitingFor(walk, writes(file, 'one'), 'PermissionPrompt');
  expect(existsSync(file)).toBe(false);
  await grant(walk);
  await end(walk);
  expect(readFileSync(file, 'utf8')).toContain('one');
  await waitingFor(walk, edits(file, 'one', 'two'), 'PermissionPrompt');
  expect(readFileSync(file, 'utf8')).toContain('one');
  await grant(walk);
  await end(walk);
  expect(readFileSync(file, 'utf8')).toContain('two');
}

/** What the spec answers, nobody else needs to; once it does no more, it waits for a person again. */
export async function approved(walk: Walk): Promise<void> {
  const { approval, asks } = walk.walked;
  if (approval === undefined) throw new Error('the class has no dialog that may be answered');
  const before = walk.status();
  await walk.change({ approvals: [approval] });
  const file = join(walk.world.work, 'approved.txt');
  const mark = walk.mainRequests().length;
  walk.queue(asks(file), { type: 'stall', where: 'headers' });
  await walk.types('Use a tool', ['Busy', 'Waiting']);
  const { at } = await walk.request(mark + 1);
  walk.truly('Busy', 'the spec granted it', at);
  expect(existsSync(file)).toBe(true);
  await walk.untilState('Busy');
  await end(walk);
  const { stdout } = await walk.world.muxlet('get', 'events');
  expect(stdout).toContain('DialogAnswered');
  await walk.change();
  await grantedFor(walk, 'notApproved');
  expect(walk.status()).toMatchObject({ run: before?.run, restarts: before?.restarts });
}

/** Until it waits for a permission; gives the file that would be made. */
export async function asked(walk: Walk, name: string): Promise<string> {
  const file = join(walk.world.work, `${name}.txt`);
  await waitingFor(walk, walk.walked.asks(file), 'PermissionPrompt');
  return file;
}

/** A person reads, and grants it. */
export async function grantKey(walk: Walk): Promise<void> {
  await read(walk);
  walk.truly('Busy', 'a person granted it');
  await walk.presses(walk.walked.keys.grant);
}

/** The same; the agent is Busy with the request that follows. */
export async function grant(walk: Walk): Promise<void> {
  const mark = walk.mainRequests().length;
  walk.queue({ type: 'stall', where: 'headers' });
  await grantKey(walk);
  await walk.request(mark);
  await walk.untilState('Busy');
}

/** What is asked stands on the screen, and a person reads it. */
async function read(walk: Walk): Promise<void> {
  const { asking } = walk.walked;
  if (asking !== undefined) {
    const screen = async () => asking.test(await walk.screen()) || undefined;
    await eventually(screen, async () => `what it asks on its screen\n${await walk.screen()}`);
  }
  await walk.staysSo('Waiting', READING_MS);
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
