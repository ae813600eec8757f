import { join } from 'node:path';
import { expect } from 'vitest';
import { signalProcess } from '../../../support/signal-process.ts';
import { eventually } from '../../support/eventually.ts';
import { writeFile } from '../../support/world.ts';
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

/**
 * What the project's own files have it ask: one is answered by the spec, the next by a person, and one that comes with a
 * later start by a person as well.
 */
export async function projectAsks(walk: Walk): Promise<void> {
  const { projectAsks: dialogs } = walk.walked;
  if (dialogs === undefined) throw new Error('the class asks nothing of that kind');
  const put = (files: Readonly<Record<string, string>>) => {
    for (const [file, text] of Object.entries(files)) writeFile(join(walk.world.work, file), text);
  };
  put(dialogs.files);
  walk.queue({ type: 'stall', where: 'headers' });
  const { approved } = dialogs;
  walk.truly(['Pending', 'Starting', 'Waiting'], 'the project was written, and questions are asked');
  walk.apply(approved && { approvals: [approved] });
  await walk.untilState('Waiting', dialogs.asked.reason, 60_000);
  await walk.staysSo('Waiting', 5000);
  if (approved !== undefined) expect(walk.shown.map(({ reason }) => reason)).toContain(approved.dialog);
  expect(walk.api.prompts(walk.label)).toEqual([]);
  walk.truly(['Starting', 'Waiting', ...beforeItAsks(walk)], 'a person answered');
  await walk.presses(dialogs.asked.keys);
  await briefed(walk);
  await walk.letEnd();
  await walk.untilState('Idle');
  put(dialogs.next.files);
  walk.truly(['Exited', 'Pending', 'Starting', 'Waiting'], 'it was killed');
  signalProcess(walk.status()?.pid, 'SIGKILL');
  await walk.untilState('Waiting', dialogs.next.reason, 60_000);
  await walk.staysSo('Waiting', 3000);
  const mark = walk.mainRequests().length;
  walk.queue({ type: 'stall', where: 'headers' });
  walk.truly(['Starting', 'Waiting', 'Idle', ...beforeItAsks(walk)], 'a person answered again');
  await walk.presses(dialogs.next.keys);
  const { at } = await walk.request(mark);
  walk.truly('Busy', 'its prompt was asked of the model', at);
  await walk.untilState('Busy');
  await walk.letEnd();
  await walk.untilState('Idle');
}
