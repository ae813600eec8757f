import { join } from 'node:path';
import { expect } from 'vitest';
import type { AgentStatus, Exit } from '../../../../controller/api/generated/all.ts';
import { signalProcess } from '../../../support/signal-process.ts';
import { eventually } from '../../support/eventually.ts';
import { BRIEFING, type Walk } from '../walk.ts';
import { messageToIdle, settled } from './messages.ts';
import { grant } from './permission.ts';
import { busyWith, end } from './turn.ts';

export async function controllerKilled(walk: Walk): Promise<void> {
  const before = walk.status();
  await busyWith(walk, 'Work on while nobody looks');
  await walk.killController();
  await walk.startController();
  await walk.staysSo('Busy', 2000);
  await end(walk);
  // Once more, and the turn ends while there is no controller.
  await busyWith(walk, 'End while nobody looks');
  await walk.killController();
  walk.api.release(walk.label);
  await eventually(
    () => walk.mainRequests().at(-1)?.endedAt,
    () => 'the end of the answer',
  );
  await walk.startController();
  walk.truly('Idle', 'a controller looked again');
  await walk.untilState('Idle');
  await asksWhileNobodyLooks(walk);
  expect(walk.status()).toMatchObject({ run: before?.run, pid: before?.pid, restarts: before?.restarts });
}

async function asksWhileNobodyLooks(walk: Walk): Promise<void> {
  await walk.killController();
  const mark = walk.mainRequests().length;
  walk.queue(walk.walked.asks(join(walk.world.work, 'nobody.txt')));
  // Nobody is there to show it: what the last controller said stands.
  await walk.types('Ask while nobody looks', ['Idle', 'Busy', 'Waiting']);
  await eventually(
    () => walk.mainRequests()[mark]?.endedAt,
    () => 'the end of the answer that asks',
  );
  await walk.startController();
  walk.truly('Waiting', 'a controller looked again');
  await walk.untilState('Waiting', 'PermissionPrompt');
  await grant(walk);
  await end(walk);
}

export async function killed(walk: Walk): Promise<void> {
  const before = walk.status();
  await busyWith(walk, 'Work until the end');
  walk.truly(['Starting', 'Busy', 'Idle', 'Exited'], 'it was killed');
  signalProcess(before?.pid, 'SIGKILL');
  await goesOn(walk, before, { kind: 'Crash', reason: 'Signal', signal: 9 });
}

/** Who ends so shortly after the start is started again after a pause, in milliseconds. */
const TOO_SOON_MS = 10_000;

/** The program's own way to end. */
export async function left(walk: Walk): Promise<void> {
  const before = await eventually(
    () => {
      const seen = walk.status();
      return Date.now() > Date.parse(seen?.startedAt ?? '') + TOO_SOON_MS ? seen : undefined;
    },
    () => 'a run that is no new one any more',
  );
  await walk.types(walk.walked.keys.leave, ['Starting', 'Busy', 'Idle', 'Exited']);
  await goesOn(walk, before, { kind: 'Clean', reason: 'Completed', exitCode: 0 });
}

/** It ended so, is started again, and is told to go on in its conversation. */
async function goesOn(walk: Walk, before: AgentStatus | undefined, exit: Partial<Exit>): Promise<void> {
  const mark = walk.mainRequests().length;
  const after = await eventually(
    () => (walk.status()?.pid !== undefined && walk.status()?.run !== before?.run ? walk.status() : undefined),
    () => `a new run; it is ${JSON.stringify(walk.status())}`,
  );
  expect(after).toMatchObject({ restarts: (before?.restarts ?? 0) + 1, lastExit: exit });
  // What it is told to go on with is asked of the model, with all that was said before.
  await walk.request(mark, 90_000);
  await settled(walk);
  expect(walk.status()?.conversation).toBe(before?.conversation);
  expect(walk.api.conversation(walk.label)[0]).toContain(BRIEFING);
  await busyWith(walk, 'Go on');
  await end(walk);
}

/** What a person does who wants it to forget: from then on it is in another conversation, and goes on in that. */
export async function cleared(walk: Walk): Promise<void> {
  const { clearAll } = walk.walked;
  if (clearAll === undefined) throw new Error('nobody has it begin another conversation');
  const before = walk.status();
  await walk.types(clearAll, ['Busy', 'Idle']);
  const another = () =>
    eventually(
      () => walk.status()?.conversation !== before?.conversation || undefined,
      async () => `another conversation\n${await walk.screen()}`,
    );
  if (walk.walked.clearsLate === undefined) await another();
  walk.truly('Idle', 'it had forgotten', await walk.comesToStay('Idle', 1500));
  await messageToIdle(walk);
  await another();
  const { stdout } = await walk.world.muxlet('get', 'messages', '-o', 'json');
  const { items } = JSON.parse(stdout) as {
    readonly items: readonly { readonly status: { readonly phase: string } }[];
  };
  expect(items.at(-1)?.status.phase).toBe('Delivered');
  const begun = walk.status();
  const mark = walk.mainRequests().length;
  walk.queue({ type: 'stall', where: 'headers' });
  walk.truly(['Starting', 'Busy', 'Idle', 'Exited', 'CrashLoopBackOff'], 'it was killed');
  signalProcess(begun?.pid, 'SIGKILL');
  await walk.request(mark, 90_000);
  walk.truly('Busy', 'it was told why it was started', walk.mainRequests().at(-1)?.at);
  await walk.untilState('Busy');
  await end(walk);
  expect(walk.status()?.conversation).toBe(begun?.conversation);
  expect(walk.status()?.run).not.toBe(begun?.run);
}
