import { expect } from 'vitest';
import type { Walk } from '../walk.ts';
import { busyWith, end } from './turn.ts';

/** Far enough not to end within the step. */
const LIMITED_FOR_SECONDS = 2 * 3600;
/** Of the classes whose programs do not say when a limit ends. */
const FALLBACK_SECONDS = 300;

interface ClassStatus {
  readonly status: { readonly limit?: { readonly until?: string } };
}

export async function limit(walk: Walk): Promise<void> {
  const before = walk.status();
  const resetsAt = Math.ceil(Date.now() / 60_000) * 60 + LIMITED_FOR_SECONDS;
  const mark = await limited(walk, resetsAt);
  walk.truly('Limited', 'the service refused it', walk.mainRequests()[mark]?.endedAt);
  const { stdout } = await walk.world.muxlet('get', 'agentclass', walk.walked.name, '-o', 'json');
  const { status } = JSON.parse(stdout) as ClassStatus;
  const until = Date.parse(status.limit?.until ?? '') / 1000;
  // Two minutes later than what the service said, and the program says minutes only; else the fallback of the class.
  const expected = walk.walked.limitIsUntold ? Date.now() / 1000 + FALLBACK_SECONDS : resetsAt + 120;
  expect(Math.abs(until - expected)).toBeLessThanOrEqual(60);
  await walk.staysSo('Limited', 4000);
  expect(walk.status()).toMatchObject({ run: before?.run, restarts: before?.restarts });
  walk.api.clear(walk.label);
  // A person who knows better goes on, and nobody minds.
  const { leaveLimit } = walk.walked.keys;
  if (leaveLimit !== undefined) {
    walk.truly('Idle', 'a person gave up the turn');
    await walk.presses(leaveLimit);
    await walk.untilState('Idle');
  }
  await busyWith(walk, 'Go on all the same');
  await end(walk);
}

/** The limit ends soon, and a program that says that it goes on by itself does. */
export async function limitEnds(walk: Walk): Promise<void> {
  const before = walk.status();
  const resetsAt = Math.ceil(Date.now() / 1000) + SOON_SECONDS;
  const mark = await limited(walk, resetsAt);
  walk.truly('Limited', 'the service refused it', walk.mainRequests()[mark]?.endedAt);
  walk.api.clear(walk.label);
  walk.queue({ type: 'stall', where: 'headers' });
  const { at } = await walk.request(walk.mainRequests().length, (SOON_SECONDS + GOES_ON_SECONDS) * 1000);
  walk.truly('Busy', 'it went on by itself', at);
  await walk.untilState('Busy');
  await end(walk);
  expect(walk.status()).toMatchObject({ run: before?.run, restarts: before?.restarts });
}

const SOON_SECONDS = 15;
/** Claude Code 2.1.329 goes on between one and two minutes after the time that it was told. */
const GOES_ON_SECONDS = 150;

async function limited(walk: Walk, resetsAt: number): Promise<number> {
  const mark = walk.mainRequests().length;
  const retryAfter = resetsAt - Math.floor(Date.now() / 1000);
  walk.queue({ type: 'failure', failure: 'usage-limited', resetsAt, retryAfter, times: 100 });
  await walk.types('Work');
  await walk.untilState('Limited', 'UsageLimit', 30_000);
  return mark;
}
