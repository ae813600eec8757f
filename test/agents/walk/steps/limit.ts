import { expect } from 'vitest';
import { changeClass } from '../changed-class.ts';
import type { Walk } from '../walk.ts';
import { begin } from './start.ts';
import { busyWith, end } from './turn.ts';
import { beginUnhooked } from './unhooked.ts';

/** Far enough not to end within the step. */
const LIMITED_FOR_SECONDS = 2 * 3600;
/** Of the classes whose programs do not say when a limit ends. */
const FALLBACK_SECONDS = 300;

/** How long it is watched where somebody did not want to wait for the end. */
const LEFT_MS = 2000;

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
  // Later than what the service said, and the program says minutes only; else the fallback of the class.
  const told = resetsAt + (walk.walked.laterSeconds ?? 120);
  const expected = walk.walked.limitIsUntold ? Date.now() / 1000 + FALLBACK_SECONDS : told;
  expect(Math.abs(until - expected)).toBeLessThanOrEqual(60);
  await walk.staysSo('Limited', 4000);
  await walk.killController();
  await walk.startController();
  await walk.staysSo('Limited', 4000);
  expect(walk.status()).toMatchObject({ run: before?.run, restarts: before?.restarts });
  walk.api.clear(walk.label);
  // A person who knows better goes on, and nobody minds.
  const { leaveLimit } = walk.walked.keys;
  if (leaveLimit !== undefined) {
    const { state, reason } = walk.walked.leftLimit ?? { state: 'Idle' };
    // It works for a moment on what it is told.
    walk.truly(['Busy', state], 'a person gave up the turn');
    await walk.presses(leaveLimit);
    await walk.comesToStay(state, LEFT_MS);
    await walk.untilState(state, reason);
  }
  await busyWith(walk, 'Go on all the same');
  await end(walk);
}

/**
 * The limit ends soon: a program that goes on by itself does, and any other is told to; neither twice. It is watched until
 * the time at which it would be told is over.
 */
export async function limitEnds(walk: Walk): Promise<void> {
  const { goesOn, triesAgain, laterSeconds = 120 } = walk.walked;
  const byItself = goesOn !== undefined || triesAgain === true;
  const told = triesAgain ? [] : [goesOn?.prompt ?? GO_ON];
  await goneOn(walk, { told, untilSeconds: byItself ? laterSeconds + 10 : 0 });
}

/** Told before it goes on by itself it is told once, and does not go on a second time. */
export async function limitTold(walk: Walk): Promise<void> {
  const { goesOn } = walk.walked;
  if (goesOn === undefined) throw new Error('the class does not go on by itself');
  changeClass(walk, goesOn.sooner);
  await begin(walk);
  await goneOn(walk, { told: [GO_ON], untilSeconds: GOES_ON_SECONDS });
}

export async function limitUnhooked(walk: Walk): Promise<void> {
  await beginUnhooked(walk);
  const mark = await limited(walk, Math.ceil(Date.now() / 1000) + LIMITED_FOR_SECONDS);
  walk.truly('Limited', 'the service refused it', walk.mainRequests()[mark]?.endedAt);
  await walk.staysSo('Limited', LEFT_OVER_MS);
  await walk.killController();
  await walk.startController();
  await walk.staysSo('Limited', LEFT_OVER_MS);
  walk.api.clear(walk.label);
  await busyWith(walk, 'Go on all the same');
  await end(walk);
}

/** A record counts for five seconds against a file that says otherwise. */
const LEFT_OVER_MS = 8000;

interface GoneOn {
  /** What the model is asked when it goes on, beside what was refused. */
  readonly told: readonly RegExp[];
  /** For so long after the limit nothing else is said, in seconds. */
  readonly untilSeconds: number;
}

async function goneOn(walk: Walk, { told, untilSeconds }: GoneOn): Promise<void> {
  const before = walk.status();
  // Soon, and early in a minute: programs state the end without its seconds.
  const soon = Math.ceil(Date.now() / 1000) + SOON_SECONDS;
  const resetsAt = soon % 60 < EARLY_SECONDS ? soon : Math.ceil(soon / 60) * 60 + 1;
  const mark = await limited(walk, resetsAt);
  walk.truly('Limited', 'the service refused it', walk.mainRequests()[mark]?.endedAt);
  walk.api.clear(walk.label);
  walk.queue({ type: 'stall', where: 'headers' });
  const known = walk.api.prompts(walk.label).length;
  const requests = walk.mainRequests().length;
  const { at } = await walk.request(requests, resetsAt * 1000 - Date.now() + GOES_ON_SECONDS * 1000);
  walk.truly('Busy', 'it went on', at);
  await walk.untilState('Busy');
  await end(walk);
  await walk.staysSo('Idle', Math.max(4000, (resetsAt + untilSeconds) * 1000 - Date.now()));
  // What was refused is asked again with the next.
  const prompts = walk.api.prompts(walk.label).slice(known);
  expect(prompts.filter((prompt) => prompt.trim() !== WORK)).toEqual(told.map((text) => expect.stringMatching(text)));
  expect(walk.mainRequests()).toHaveLength(requests + 1);
  expect(walk.status()).toMatchObject({ run: before?.run ?? walk.status()?.run, restarts: 0 });
}

const WORK = 'Work';
const GO_ON = /The usage limit is over\. Go on with your work/;
const SOON_SECONDS = 20;
const EARLY_SECONDS = 10;
/** Claude Code 2.1.329 goes on up to two minutes after the limit. */
const GOES_ON_SECONDS = 140;

async function limited(walk: Walk, resetsAt: number): Promise<number> {
  const mark = walk.mainRequests().length;
  const retryAfter = resetsAt - Math.floor(Date.now() / 1000);
  walk.queue({ type: 'failure', failure: 'usage-limited', resetsAt, retryAfter, times: 100 });
  await walk.types(WORK);
  await walk.untilState('Limited', 'UsageLimit');
  return mark;
}
