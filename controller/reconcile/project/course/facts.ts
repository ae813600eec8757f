import type { ProjectInput } from '../../../api/decision.ts';
import type { RunStatus } from '../../../api/generated/all.ts';
import type { Reason } from '../../../api/reasons.ts';
import type { AgentPlan } from '../agent-plan.ts';
import type { Fact } from '../conditions.ts';
import { type Scene, timeOverMessage } from './scene.ts';
import { roundLook } from './verify.ts';

/** Whether it has its result; nothing while it may still get one. */
export function completeFact(run: RunStatus | undefined): Fact[] {
  if (run?.stage !== 'Finished') return [];
  const { result, reason = 'Completed', message } = run;
  const status = result === 'Completed' ? 'True' : 'False';
  return [{ type: 'Complete', status, reason: reason as Reason, ...(message !== undefined && { message }) }];
}

/** How far the rules are met; nothing where there are none. What is over stays said. */
export function criteriaFact({ judgement }: Pick<Scene, 'judgement'>, run: RunStatus | undefined): Fact[] {
  if (judgement === undefined) return [];
  const { verdict, missing } = judgement;
  if (run?.stage === 'Finished' && run.result === 'Completed') return [CRITERIA_MET];
  if (verdict === 'Met') return [CRITERIA_MET];
  const status = verdict === 'NotMet' ? 'False' : 'Unknown';
  return [{ type: 'SuccessCriteriaMet', status, reason: 'CompletionNotMet', message: missing }];
}

/** What has its result was judged for the last time. */
export function judgedFact(run: RunStatus | undefined, { desired, previous }: ProjectInput): Fact[] {
  if (desired.type !== 'Present' || desired.project.completion === undefined) return [];
  const before = previous?.conditions.find(({ type }) => type === 'SuccessCriteriaMet');
  if (run?.stage === 'Finished' && run.result === 'Completed') return [CRITERIA_MET];
  if (before === undefined) return [];
  return [
    { type: 'SuccessCriteriaMet', status: before.status, reason: before.reason as Reason, message: before.message },
  ];
}

const CRITERIA_MET: Fact = { type: 'SuccessCriteriaMet', status: 'True', reason: 'CompletionMet' };

/** Whether finished work was put together and verified; nothing before it was tried, or where nobody asked for it. */
export function verifiedFact(run: RunStatus | undefined, { desired, observed }: ProjectInput): Fact[] {
  if (desired.type !== 'Present' || run?.rounds === undefined) return [];
  const { integration, verification } = desired.project;
  if (integration === undefined && verification === undefined) return [];
  const { rounds, refused, stage } = run;
  const verified = (status: Fact['status'], reason: Reason, message: string): Fact[] => [
    { type: 'Verified', status, reason, message },
  ];
  if (stage === 'Finished' && run.result === 'Completed')
    return verified('True', 'Verified', `in round ${rounds.count}`);
  if (stage !== 'Verifying') {
    return refused === undefined ? [] : verified('False', refused.reason, refused.message);
  }
  if (rounds.nextTryAt !== undefined) {
    const why = roundLook(run, observed.finish)?.message ?? 'it could not be done';
    return verified('False', 'FinishFailed', `${why}; tried again at ${rounds.nextTryAt}`);
  }
  const how = roundLook(run, observed.finish)?.message;
  return verified('Unknown', 'Verifying', `round ${rounds.count}: ${how ?? 'under way'}`);
}

/** A conflict that the team was not to resolve, or could not. */
export function needsPerson(run: RunStatus | undefined): Fact | undefined {
  if (run?.refused?.told.length !== 0 || (run.stage !== 'Active' && run.stage !== 'Verifying')) return undefined;
  const message = `${run.refused.message}; resolve it in one of the agents' branches`;
  return { type: 'Stalled', status: 'True', reason: 'MergeConflict', message };
}

/** Whether there is time left; nothing where there is no deadline, or none that counts any more. */
export function deadlineFact(run: RunStatus | undefined, { desired }: ProjectInput): Fact[] {
  if (desired.type !== 'Present' || run === undefined) return [];
  if (run.stage === 'TimingOut') {
    const message = timeOverMessage(desired.project.course.deadline);
    return [{ type: 'WithinDeadline', status: 'False', reason: 'DeadlineExceeded', message }];
  }
  if (run.stage === 'Ending' && run.reason === 'DeadlineExceeded') {
    const message = `${run.message ?? ''}; its agents are being ended`;
    return [{ type: 'WithinDeadline', status: 'False', reason: 'DeadlineExceeded', message }];
  }
  if (desired.project.course.deadline === undefined || run.stage !== 'Active') return [];
  return [{ type: 'WithinDeadline', status: 'True', reason: 'WithinDeadline' }];
}

/** A result and agents that work on contradict each other: neither is undone, and a person is told. */
export function stillRunning(run: RunStatus | undefined, plans: readonly AgentPlan[]): Fact | undefined {
  if (run?.stage !== 'Finished') return undefined;
  const running = plans.filter(({ view, next }) => view.life.type === 'Running' && next.type === 'Keep');
  if (running.length === 0) return undefined;
  const names = running.map(({ view }) => view.name).join(', ');
  const message = `it is over (${run.result ?? ''}), and agents run in it that nobody started for it: ${names}; they are left alone`;
  return { type: 'Stalled', status: 'True', reason: 'StillRunning', message };
}
