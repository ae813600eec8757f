import type { RetryCause } from '../../../api/desired.ts';
import type { Attempt, RunStatus } from '../../../api/generated/all.ts';
import { type AgentPlan, isDown } from '../agent-plan.ts';
import { firstStart } from '../completing/attempt-start.ts';
import { exitMessage } from '../exit-message.ts';
import { counted } from './clock.ts';
import { follow, isNewer, knownOf, lostInMs, metInMs } from './doneness.ts';
import { mayRetry, pauseMs, withAttempt } from './retry.ts';
import { fail, type Scene, ticking } from './scene.ts';
import { enter } from './stages.ts';
import { beginRound, needsVerifying, roundLook, unmet } from './verify.ts';

/** How the attempt stands, with those that are over. */
export interface Standing {
  readonly run: RunStatus;
  readonly attempts: readonly Attempt[];
}

/** What the agents have come to: once all have ended for good, or were ended, the attempt is over. */
export function settle(run: RunStatus, plans: readonly AgentPlan[], scene: Scene): Standing {
  const attempts = scene.input.previous?.attempts ?? [];
  const wanted = plans.filter(({ view }) => view.desired !== undefined);
  const isOver = wanted.length > 0 && wanted.every(({ next }) => next.type === 'Over');
  switch (run.stage) {
    case 'Waiting':
      // Ended between two looks, or with nobody admitted: what is done is done.
      if (!isOver || scene.isSuspended) return { run, attempts };
      return unadmitted(run, { plans, wanted, attempts, scene });
    case 'Active':
    case 'TimingOut':
      return settleWork(run, { plans, wanted, attempts, scene });
    case 'Verifying': {
      const isPassed = roundLook(run, scene.input.observed.finish)?.state === 'Passed';
      return isPassed || !needsVerifying(scene) ? complete(run, attempts, scene) : { run, attempts };
    }
    case 'Ending':
      return plans.every(isDown) ? close(run, attempts, scene) : { run, attempts };
    case 'BackingOff':
    case 'Finished':
      return { run, attempts };
  }
}

function begun(run: RunStatus, { views, input }: Scene): RunStatus {
  const startedAt = run.startedAt ?? new Date(firstStart(views, input)).toISOString();
  return { ...enter(run, 'Active', input.now), startedAt };
}

/** It may come to its result with nobody admitted; until it has, it waits. */
function unadmitted(run: RunStatus, working: Working): Standing {
  const standing = settleWork(begun(run, working.scene), working);
  if (standing.run.stage !== 'Active') return standing;
  return { ...standing, run: { ...standing.run, stage: run.stage, stageSince: run.stageSince } };
}

interface Working {
  readonly plans: readonly AgentPlan[];
  readonly wanted: readonly AgentPlan[];
  readonly attempts: readonly Attempt[];
  readonly scene: Scene;
}

/** Whether the work is done, or nobody is left who could do it. */
function settleWork(before: RunStatus, { plans, wanted, attempts, scene }: Working): Standing {
  const isOver = wanted.length > 0 && wanted.every(({ next }) => next.type === 'Over');
  const run = follow(before, scene, isOver);
  const { now } = scene.input;
  const bad = wanted.filter(({ view }) => view.lastExit?.reason !== 'Completed');
  const hasRules = scene.project.completion !== undefined;
  // Without rules, it is done when all have ended for good and well.
  const isDone = hasRules ? metInMs(run, now) === 0 : isOver && bad.length === 0;
  if (isDone) {
    if (!needsVerifying(scene)) return complete(run, attempts, scene);
    if (isNewer(run, scene)) return { run: beginRound(run, knownOf(scene), now), attempts };
    // Who was told of the refusal is not there any more to do something about it.
    if (!isOver || run.refused === undefined || run.refused.told.length === 0) return { run, attempts };
    const message = `${run.refused.message}; nobody is left who could put it right`;
    return endWith(fail(unmet(run), 'VerificationFailed', message, scene), { plans, wanted, attempts, scene });
  }
  const isLost = hasRules ? lostInMs(run, now) === 0 : isOver && bad.length > 0;
  return isLost ? lose(run, bad, { plans, wanted, attempts, scene }) : { run, attempts };
}

function complete(run: RunStatus, attempts: readonly Attempt[], scene: Scene): Standing {
  const { reason: _reason, message: _message, ...rest } = counted(unmet(run), ticking(scene, false), undefined);
  return finish(rest, { result: 'Completed', reason: 'Completed' }, { attempts, scene });
}

function lose(run: RunStatus, bad: readonly AgentPlan[], working: Working): Standing {
  const { scene } = working;
  const ends = bad.map(({ view }) => `${view.name}: ${exitMessage(view.lastExit)}`);
  const lacking = scene.judgement === undefined ? [] : [`not met: ${scene.judgement.missing}`];
  const cause = bad.length > 0 ? 'AgentFailed' : 'CompletionNotMet';
  const message = [...ends, ...lacking].join('; ');
  const failed = fail(unmet(run), run.stage === 'TimingOut' ? 'DeadlineExceeded' : cause, message, scene);
  return endWith(failed, working);
}

/** What nobody wants any more may still be on its way out. */
function endWith(failed: RunStatus, { plans, attempts, scene }: Working): Standing {
  return plans.every(isDown) ? close(failed, attempts, scene) : { run: failed, attempts };
}

/** It has failed, and nothing of it runs any more: it is tried again, or that was it. */
function close(run: RunStatus, attempts: readonly Attempt[], scene: Scene): Standing {
  const { input, project } = scene;
  const reason = (run.reason ?? 'AgentFailed') as RetryCause;
  const failed = { result: 'Failed', reason, ...(run.message !== undefined && { message: run.message }) } as const;
  if (!mayRetry(run, reason, project.course)) return finish(run, failed, { attempts, scene });
  const nextAttemptAt = new Date(input.now + pauseMs(input.meta.uid, run, project.course)).toISOString();
  return {
    run: { ...enter(run, 'BackingOff', input.now), nextAttemptAt },
    attempts: withAttempt(attempts, attemptOf(run, failed, input.now)),
  };
}

type Result = Pick<Attempt, 'result' | 'reason' | 'message'>;

function finish(
  run: RunStatus,
  result: Result,
  { attempts, scene }: { readonly attempts: readonly Attempt[]; readonly scene: Scene },
): Standing {
  const { now, meta } = scene.input;
  return {
    run: {
      ...enter(run, 'Finished', now),
      ...result,
      finishedAt: new Date(now).toISOString(),
      generation: meta.generation,
    },
    attempts: withAttempt(attempts, attemptOf(run, result, now)),
  };
}

function attemptOf({ attempt, startedAt }: RunStatus, result: Result, now: number): Attempt {
  return {
    attempt,
    ...result,
    ...(startedAt !== undefined && { startedAt }),
    finishedAt: new Date(now).toISOString(),
  };
}
