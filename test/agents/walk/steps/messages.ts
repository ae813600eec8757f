import { existsSync } from 'node:fs';
import { expect } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import type { Walk } from '../walk.ts';
import { asked, grant } from './permission.ts';
import { busyWith, end } from './turn.ts';

const TEXT = 'Look at "README.md", then say $HOME and `ticks`.';

export async function messageToIdle(walk: Walk): Promise<void> {
  const mark = walk.mainRequests().length;
  const text = `${TEXT} (idle, ${mark})`;
  walk.queue({ type: 'stall', where: 'headers' });
  await walk.send(text);
  const { at } = await walk.request(mark);
  walk.truly('Busy', 'a message was asked of the model', at);
  await walk.untilState('Busy');
  await end(walk);
  await settled(walk);
  expect(timesPrompted(walk, text)).toBe(1);
}

export async function messageToBusy(walk: Walk): Promise<void> {
  await busyWith(walk, 'Be busy');
  const text = `${TEXT} (busy, ${walk.mainRequests().length})`;
  await walk.send(text);
  await walk.staysSo('Busy', 3000);
  walk.truly(['Busy', 'Idle'], 'the turn before the message ended');
  walk.api.release(walk.label);
  await untilPrompted(walk, text);
  await settled(walk);
  expect(timesPrompted(walk, text)).toBe(1);
}

export async function messageToWaiting(walk: Walk): Promise<void> {
  const file = await asked(walk, 'message');
  const text = `${TEXT} (waiting, ${walk.mainRequests().length})`;
  await walk.send(text);
  await walk.staysSo('Waiting', 4000);
  expect(existsSync(file)).toBe(false);
  expect(timesPrompted(walk, text)).toBe(0);
  await grant(walk);
  walk.truly(['Busy', 'Idle'], 'the turn before the message ended');
  walk.api.release(walk.label);
  await untilPrompted(walk, text);
  await settled(walk);
  expect(timesPrompted(walk, text)).toBe(1);
}

export async function untilPrompted(walk: Walk, text: string): Promise<void> {
  await eventually(
    () => timesPrompted(walk, text) > 0 || undefined,
    async () =>
      `the message, which is ${(await walk.world.muxlet('get', 'messages', '-o', 'wide')).stdout}; the model was asked ${JSON.stringify(walk.api.prompts(walk.label).slice(-3))}\n${await walk.screen()}`,
    60_000,
  );
}

const timesPrompted = ({ api, label }: Walk, text: string) =>
  api.prompts(label).flatMap((prompt) => prompt.split(text).slice(1)).length;

/** How long after an answer a program may ask again by itself: for a queued message, after a tool. */
const NEXT_MS = 700;

/** Idle after all that was going on, and still so after all that a second delivery would take. */
export async function settled(walk: Walk): Promise<void> {
  const over = await eventually(
    () => {
      const ends = walk.mainRequests().map(({ endedAt }) => endedAt ?? Number.POSITIVE_INFINITY);
      const last = Math.max(...ends);
      return Date.now() - last > NEXT_MS ? last : undefined;
    },
    () => 'the end of all answers',
  );
  walk.truly('Idle', 'the last answer was over', over);
  await walk.comesToStay('Idle', 4000);
}
