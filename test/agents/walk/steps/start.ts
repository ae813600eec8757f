import { expect } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { changeClass } from '../changed-class.ts';
import { BRIEFING, type Walk } from '../walk.ts';
import { settled, untilPrompted } from './messages.ts';

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
  apply(walk);
  await briefed(walk);
  await walk.letEnd();
  await walk.untilState('Idle');
}

/** The project is written, and the first answer stalls. */
function apply(walk: Walk, more?: Readonly<Record<string, unknown>>): void {
  walk.queue({ type: 'stall', where: 'headers' });
  walk.truly(['Pending', 'Starting', ...beforeItAsks(walk)], 'the project was written');
  walk.apply(more);
}

/** One of which no record tells that it took up its first prompt says that it rests until then. */
function beforeItAsks({ walked: { restsFirst, asksLate } }: Walk): string[] {
  return [...(restsFirst ? ['Idle'] : []), ...(asksLate ? ['Busy'] : [])];
}

/** It is Busy with its first prompt. */
async function briefed(walk: Walk): Promise<void> {
  const { at } = await walk.request(0, 90_000);
  walk.truly('Busy', 'its first prompt was asked of the model', at);
  await walk.untilState('Busy');
}

/** What is sent before it has begun comes after its first prompt. */
export async function messageAtStart(walk: Walk): Promise<void> {
  apply(walk);
  await eventually(
    () => walk.status(),
    () => 'the agent',
  );
  await walk.send(AT_START);
  await briefed(walk);
  expect(walk.api.prompts(walk.label)).toEqual([expect.stringContaining(BRIEFING)]);
  walk.truly(['Busy', 'Idle'], 'the turn before the message ended');
  walk.api.release(walk.label);
  await untilPrompted(walk, AT_START);
  await settled(walk);
  expect(walk.api.prompts(walk.label)).toEqual([BRIEFING, AT_START].map((text) => expect.stringContaining(text)));
}

const AT_START = 'This was said before you began.';

/** A question that nobody answered beforehand stays open until a person answers it. */
export async function firstRun(walk: Walk): Promise<void> {
  const { firstRun: dialog } = walk.walked;
  if (dialog === undefined) throw new Error('the class has no such question');
  changeClass(walk, dialog.unanswered);
  apply(walk);
  const open = async () => dialog.screen.test(await walk.screen().catch(() => '')) || undefined;
  await eventually(open, async () => `the dialog; it is ${await walk.screen().catch(String)}`, 60_000);
  walk.truly('Waiting', 'a dialog was on the screen');
  await walk.untilState('Waiting', dialog.reason);
  await walk.send(AT_START);
  await walk.staysSo('Waiting', 5000);
  expect(await open()).toBe(true);
  expect(walk.api.prompts(walk.label)).toEqual([]);
  walk.truly(['Starting', 'Waiting', ...beforeItAsks(walk)], 'a person answered');
  await walk.presses(dialog.keys);
  await briefed(walk);
  walk.truly(['Busy', 'Idle'], 'the turn before the message ended');
  walk.api.release(walk.label);
  await untilPrompted(walk, AT_START);
  await settled(walk);
  expect(walk.api.prompts(walk.label)).toEqual([BRIEFING, AT_START].map((text) => expect.stringContaining(text)));
}

/** The same question, answered by the spec. */
export async function firstRunApproved(walk: Walk): Promise<void> {
  const { firstRun: dialog } = walk.walked;
  if (dialog?.approval === undefined) throw new Error('the class has no such question');
  changeClass(walk, dialog.unanswered);
  apply(walk, { approvals: [dialog.approval] });
  const states = ['Pending', 'Starting', 'Waiting', ...beforeItAsks(walk)];
  walk.truly(states, 'the project was written, and a question is asked');
  await briefed(walk);
  await walk.letEnd();
  await walk.untilState('Idle');
  expect(walk.shown.map(({ reason }) => reason)).toContain(dialog.reason);
  expect(walk.status()).toMatchObject({ restarts: 0 });
}
