import type { ProjectInput } from '../../../api/decision.ts';
import type { DesiredCourse } from '../../../api/desired.ts';
import type { RunStatus } from '../../../api/generated/all.ts';
import { type AgentPlan, isDown } from '../agent-plan.ts';
import type { Judgement } from '../completing/judge.ts';
import type { SessionFact } from '../places.ts';
import { elapsedMs, LOOK_MS, limitMs } from './clock.ts';
import { lostInMs, metInMs, retryInMs } from './doneness.ts';
import { expiresInMs, isExpired } from './expiry.ts';
import { pauseLeftMs } from './retry.ts';

/** A new stage asks other things of the agents: it is looked at again so soon, in milliseconds. */
const SOON_MS = 15;
/** Between two looks at whether a session that is to go has gone, in milliseconds. */
const ENDING_MS = 1000;
/** No timer is set for longer, in milliseconds. */
const LONGEST_MS = 3_600_000;

/** When something of the course is due by itself. */
export function courseDue(
  run: RunStatus | undefined,
  input: ProjectInput,
  judgement: Judgement | undefined,
): { readonly dueInMs?: number } {
  const times = [dueInMs(run, input), run === undefined ? undefined : doneDueMs(run, input.now, judgement)];
  const ms = Math.min(...times.filter((time) => time !== undefined));
  return Number.isFinite(ms) ? { dueInMs: Math.min(ms, LONGEST_MS) } : {};
}

/** When something of the rules, or of what is done with finished work, is due by itself. */
function doneDueMs(run: RunStatus, now: number, judgement: Judgement | undefined): number | undefined {
  if (run.stage === 'Verifying') {
    const { nextTryAt } = run.rounds ?? {};
    return nextTryAt === undefined ? LOOK_MS : Math.max(1, Date.parse(nextTryAt) - now);
  }
  if (run.stage === 'Ending' || run.stage === 'BackingOff' || run.stage === 'Finished') return undefined;
  const met = metInMs(run, now);
  const times = [
    // Met for long enough, it waits for something newer.
    ...(met === 0 ? [] : [met]),
    lostInMs(run, now),
    judgement?.dueInMs,
    run.refused === undefined ? undefined : retryInMs(run.refused, now),
  ].filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.max(SOON_MS, Math.min(...times));
}

function dueInMs(
  run: RunStatus | undefined,
  { desired, previous, now, uncountedMs }: ProjectInput,
): number | undefined {
  if (run === undefined || desired.type !== 'Present') return undefined;
  const { course } = desired.project;
  const before = previous?.run?.stage ?? run.stage;
  // That the first of them runs asks nothing more of them.
  const isBegun = before === 'Waiting' && run.stage === 'Active';
  if (before !== run.stage && !isBegun) return SOON_MS;
  switch (run.stage) {
    case 'Waiting':
    case 'Verifying':
    case 'Ending':
      return undefined;
    case 'Active':
    case 'TimingOut': {
      if (course.deadline === undefined || run.countedAt === undefined) return undefined;
      const elapsed = elapsedMs(run, { now, uncountedMs });
      const grace = run.stage === 'TimingOut' ? course.deadline.graceMs : 0;
      return Math.max(1, Math.min(LOOK_MS, limitMs(run, course.deadline) + grace - elapsed));
    }
    case 'BackingOff':
      return Math.max(1, pauseLeftMs(run, now));
    case 'Finished':
      return run.expiredAt === undefined ? expiryDueMs(run, course, now) : undefined;
  }
}

/** While its session is being ended, nobody is in a hurry. */
function expiryDueMs(run: RunStatus, course: DesiredCourse, now: number): number | undefined {
  const ms = expiresInMs(run, course, now);
  return ms === 0 ? ENDING_MS : ms;
}

/** Its time is over and its session gone: what is kept of its agents' runs is to go, once. */
export function isExpiring(
  run: RunStatus | undefined,
  plans: readonly AgentPlan[],
  { input, session }: { readonly input: ProjectInput; readonly session: SessionFact },
): boolean {
  if (run === undefined || run.expiredAt !== undefined || input.desired.type !== 'Present') return false;
  return isExpired(run, input.desired.project.course, input.now) && session.type !== 'Up' && plans.every(isDown);
}
