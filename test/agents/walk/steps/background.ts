import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Behaviour } from '../../model-api/behaviour.ts';
import { eventually } from '../../support/eventually.ts';
import type { Walk } from '../walk.ts';
import { settled } from './messages.ts';
import { grant, grantKey, waitingFor } from './permission.ts';

/** It ends when it is let: a time would be over too soon on a machine that is slow. */
const SCRIPT = 'wait.sh';
const WAITS = 'touch begun\nwhile ! [ -e go ]; do sleep 0.2; done\ntouch ended\n';

export async function background(walk: Walk): Promise<void> {
  const behaviour = walk.walked.background?.(`sh ${SCRIPT}`);
  if (behaviour === undefined) throw new Error('the class has no background work');
  await asksToRun(walk, behaviour);
  await grant(walk);
  walk.api.release(walk.label);
  await workedOff(walk);
}

/** It begins as any other command, and a person does not want to wait for it. */
export async function backgroundLater(walk: Walk): Promise<void> {
  const { runs, keys } = walk.walked;
  if (runs === undefined || keys.toBackground === undefined)
    throw new Error('no key sends a command to the background');
  await asksToRun(walk, runs(`sh ${SCRIPT}`));
  await grantKey(walk);
  await eventually(
    () => existsSync(join(walk.world.work, 'begun')) || undefined,
    () => 'the command',
  );
  await walk.untilState('Busy');
  await walk.staysSo('Busy', 1500);
  const mark = walk.mainRequests().length;
  await walk.presses(keys.toBackground);
  await walk.request(mark);
  await workedOff(walk);
}

async function asksToRun(walk: Walk, behaviour: Behaviour): Promise<void> {
  for (const name of ['begun', 'go', 'ended']) rmSync(join(walk.world.work, name), { force: true });
  writeFileSync(join(walk.world.work, SCRIPT), WAITS);
  const mark = walk.mainRequests().length;
  walk.queue(behaviour);
  await walk.types('Begin something long');
  const asking = await eventually(
    () => walk.mainRequests()[mark]?.endedAt,
    () => 'the end of the answer that asks',
  );
  walk.truly('Waiting', 'the model asked for background work', asking);
  await walk.untilState('Waiting');
}

/** Its turn is over, and it is Busy until the command ends. */
async function workedOff(walk: Walk): Promise<void> {
  await walk.untilState('Busy', 'BackgroundWork');
  await walk.staysSo('Busy', 2000);
  const told = walk.mainRequests().length;
  writeFileSync(join(walk.world.work, 'go'), '');
  if (walk.walked.backgroundIsUntold) {
    await eventually(
      () => existsSync(join(walk.world.work, 'ended')) || undefined,
      () => 'the end of the command',
    );
    walk.truly('Idle', 'the background work ended');
    await walk.untilState('Idle');
    return;
  }
  // The program tells its model of the end by itself, in a turn of its own.
  const { at } = await walk.request(told);
  const ended = await eventually(
    () => walk.mainRequests()[told]?.endedAt,
    () => `the end of the turn that began ${at}`,
  );
  walk.truly('Idle', 'the background work was told of', ended);
  await walk.untilState('Idle');
}

export async function subagent(walk: Walk): Promise<void> {
  const { subagent: behaviour, subagentAsks: asks, subagentGoesOn: goesOn, subagentIsTold: isTold } = walk.walked;
  if (behaviour === undefined) throw new Error('the class has no agents of its own');
  const first: Behaviour[] = goesOn ? [behaviour, { type: 'echo', asks: 'tool-result' }] : [behaviour];
  if (asks) {
    await waitingFor(walk, behaviour, 'PermissionPrompt');
    await grant(walk);
  } else {
    const mark = walk.mainRequests().length;
    walk.queue(...first, { type: 'stall', where: 'headers', ...(goesOn === true && { asks: 'prompt' }) });
    await walk.types('Have somebody look');
    await walk.request(mark + first.length);
    await walk.untilState('Busy');
  }
  await walk.staysSo('Busy', 3000);
  const told = walk.mainRequests().length;
  walk.api.release(walk.label);
  // On a loaded machine that turn begins later than any pause between two requests of one turn.
  if (isTold) await walk.request(told);
  await settled(walk);
  if (!goesOn) return;
  // One that fails is over as well.
  const next = walk.mainRequests().length;
  walk.queue(...first, { type: 'failure', failure: 'model-unknown', asks: 'prompt' });
  await walk.types('Have somebody fail');
  await walk.request(next + first.length);
  await settled(walk);
}
