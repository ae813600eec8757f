import { expect } from 'vitest';
import { BRIEFING, type Walk } from '../walk.ts';

/** The program starts as every world's agent does; what the first step adds is that nothing was asked. */
export async function start(walk: Walk): Promise<void> {
  const states = walk.shown.map(({ state }) => state);
  expect(states.filter((state) => !['Pending', 'Starting', 'Busy', 'Idle'].includes(state))).toEqual([]);
  expect(await walk.stateOf()).toMatchObject({ state: 'Idle', ready: true, restarts: 0 });
}

export async function briefing({ api, label }: Walk): Promise<void> {
  expect(api.prompts(label)).toEqual([expect.stringContaining(BRIEFING)]);
}

/** From nothing to an idle agent that was briefed: how every world begins. */
export async function begin(walk: Walk): Promise<void> {
  walk.queue({ type: 'stall', where: 'headers' });
  walk.apply();
  const { at } = await walk.request(0, 90_000);
  walk.truly('Busy', 'its first prompt was asked of the model', at);
  await walk.untilState('Busy');
  await walk.letEnd();
  await walk.untilState('Idle');
}
