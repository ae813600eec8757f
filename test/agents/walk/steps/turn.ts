import { expect } from 'vitest';
import type { Walk } from '../walk.ts';

export async function turn(walk: Walk): Promise<void> {
  await busyWith(walk, 'Do one thing');
  await walk.staysSo('Busy', 1500);
  await end(walk);
  expect(await walk.stateOf()).toMatchObject({ state: 'Idle', restarts: walk.status()?.restarts });
}

/** A person asks, and the model thinks until it is let. */
export async function busyWith(walk: Walk, text: string, where: 'headers' | 'stream' = 'headers'): Promise<void> {
  const mark = walk.mainRequests().length;
  walk.queue({ type: 'stall', where });
  await walk.types(text);
  await walk.request(mark);
  await walk.untilState('Busy');
}

/** The answer ends, and with it the turn. */
export async function end(walk: Walk): Promise<void> {
  await walk.letEnd();
  await walk.untilState('Idle');
}
