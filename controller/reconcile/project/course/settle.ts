import type { RetryCause } from '../../../api/desired.ts';
import type { Attempt, RunStatus } from '../../../api/generated/all.ts';
import { type AgentPlan, isDown } from '../agent-plan.ts';
import { exitMessage } from '../exit-message.ts';
import { fail, type Scene, ticking } from './advance.ts';
import { counted } from './clock.ts';
import { mayRetry, pauseMs, withAttempt } from './retry.ts';
import { enter } from './stages.ts';

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
      return conclude(begun(run, scene.input.now), { plans, wanted, attempts, scene });
    case 'Active':
    case 'TimingOut':
      return isOver ? conclude(run, { plans, wanted, attempts, scene }) : { run, attempts };
    case 'Ending':
      return plans.every(isDown) ? close(run, attempts, scene) : { run, attempts };
    case 'BackingOff':
    case 'Finished':
      return { run, attempts };
  }
}

function begun(run: RunStatus, now: number): RunStatus {
  return { ...enter(run, 'Active', now), startedAt: run.startedAt ?? new Date(now).toISOString() };
}

interface Ended {
  readonly plans: readonly AgentPlan[];
  readonly wanted: readonly AgentPlan[];
  readonly attempts: readonly Attempt[];
  readonly scene: Scene;
}

function conclude(run: RunStatus, { plans, wanted, attempts, scene }: Ended): Standing {
  const bad = wanted.filter(({ view }) => view.lastExit?.reason !== 'Completed');
  if (bad.length === 0) {
    const { reason: _reason, message: _message, ...rest } = counted(run, ticking(scene, false), undefined);
    return finish(rest, { result: 'Completed', reason: 'Completed' }, { attempts, scene });
  }
  const message = bad.map(({ view }) => `${view.name}: ${exitMessage(view.lastExit)}`).join('; ');
  const failed = fail(run, run.stage === 'TimingOut' ? 'DeadlineExceeded' : 'AgentFailed', message, scene);
  // What nobody wants any more may still be on its way out.
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
