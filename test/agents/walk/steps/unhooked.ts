// What stands in no hook where somebody has switched hooks off: the program's transcript alone tells of it then, and its
// file and its title say from a moment later on that it rests.
import { expect } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import type { Walk } from '../walk.ts';
import { messageToBusy, messageToIdle } from './messages.ts';
import { begin } from './start.ts';
import { gaveUp, refused } from './trouble.ts';
import { context } from './turn.ts';

/** From nothing to an idle agent that calls no hook. */
export async function beginUnhooked(walk: Walk): Promise<void> {
  const { walked, world } = walk;
  if (walked.switchesHooksOff === undefined) throw new Error('hooks of the class cannot be switched off');
  walked.switchesHooksOff(world.env['HOME'] ?? '');
  await begin(walk);
}

export async function wordsUnhooked(walk: Walk): Promise<void> {
  await beginUnhooked(walk);
  await messageToIdle(walk);
  await messageToBusy(walk);
  const { stdout } = await walk.world.muxlet('get', 'messages', '-o', 'json');
  const { items } = JSON.parse(stdout) as {
    readonly items: readonly { readonly status: { readonly phase: string } }[];
  };
  expect(items.map(({ status }) => status.phase)).toEqual(['Delivered', 'Delivered']);
  if (walk.walked.context !== undefined) await context(walk);
}

export async function failedUnhooked(walk: Walk): Promise<void> {
  await beginUnhooked(walk);
  await gaveUp(walk);
  await refused(walk);
  // Each was gone on with: nobody is held for what is over.
  await eventually(
    async () => /"type": "Authenticated",\s*"status": "True"/.test(await accountOf(walk)) || undefined,
    async () => `the account to be in order; it is ${await accountOf(walk)}`,
  );
}

async function accountOf({ world, walked }: Walk): Promise<string> {
  const { stdout, stderr } = await world.muxlet('get', 'agentclass', walked.name, '-o', 'json');
  return stdout + stderr;
}
