import { expect } from 'vitest';
import { eventually } from '../../support/eventually.ts';
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

/** It is at rest, and not only shown so from before. */
const RESTS_MS = 1500;

/** How much of its context is left is shown where the program shows it, and forgotten once it has made room. */
export async function context(walk: Walk): Promise<void> {
  const { context: shown } = walk.walked;
  if (shown === undefined) throw new Error('the class does not show it');
  const left = () => walk.status()?.context?.left;
  const said = async () => `what is left; it is ${left()}\n${await walk.screen()}`;
  walk.queue({ type: 'text', text: 'Long.', inputTokens: shown.tokens });
  await walk.types('How much is left?', ['Busy', 'Idle']);
  await eventually(() => (left() ?? 100) < 10 || undefined, said);
  await walk.comesToStay('Idle', RESTS_MS);
  walk.truly(['Idle', 'Busy'], 'a person had it make room');
  await walk.types(shown.compact, ['Busy', 'Idle']);
  await eventually(() => left() === 100 || undefined, said);
  walk.truly('Idle', 'it had made room', await walk.comesToStay('Idle', RESTS_MS));
  await busyWith(walk, 'Go on with more room');
  await end(walk);
}
