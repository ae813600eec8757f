import type { EventNote, ProjectInput } from '../../../api/decision.ts';
import type { Attempt, ProjectStatus, Refusal, RunStatus } from '../../../api/generated/all.ts';
import { agentUid } from '../../../api/metadata.ts';
import type { Reason } from '../../../api/reasons.ts';
import type { Word } from '../../../api/word.ts';
import type { AgentPlan } from '../agent-plan.ts';

/** Whoever runs when the time is over is asked once to save and report. */
export function deadlineWords(
  run: RunStatus | undefined,
  plans: readonly AgentPlan[],
  { meta, desired }: ProjectInput,
): readonly Word[] {
  const grace = desired.type === 'Present' ? desired.project.course.deadline?.graceMs : undefined;
  if (run?.stage !== 'TimingOut' || grace === undefined) return [];
  const left = grace >= 120_000 ? `${Math.round(grace / 60_000)} minutes` : `${Math.round(grace / 1000)} seconds`;
  const text = `The time for this work is over. Save what you have now, and report how far it has come. You are ended in ${left}.`;
  return plans.flatMap(({ view, next }) => {
    if (next.type !== 'Keep' || view.life.type !== 'Running' || view.desired === undefined) return [];
    return {
      project: meta.name,
      projectUid: meta.uid,
      agent: view.name,
      uid: agentUid(meta.uid, view.name),
      topic: 'deadline',
      occasion: Date.parse(run.stageSince),
      text,
      manner: { dedupeKey: '@deadline' },
    };
  });
}

type Part = Pick<ProjectStatus, 'run' | 'attempts' | 'completion'>;

/** What is worth telling of the way from one stage to the next. */
export function courseEvents(before: Part | undefined, after: Part): readonly EventNote[] {
  const { run } = after;
  if (run === undefined) return [];
  const moved = before?.run?.attempt === run.attempt && run.extensions > before.run.extensions;
  return [
    ...(moved ? [extended(run)] : []),
    ...(isEntered('TimingOut', before, run) ? [timedOut()] : []),
    ...(isEntered('Verifying', before, run) ? [verifying(run)] : []),
    ...(run.refused !== undefined && run.refused.at !== before?.run?.refused?.at ? [refused(run.refused)] : []),
    ...(isEntered('BackingOff', before, run) ? [backingOff(run, after.attempts?.at(-1))] : []),
    ...(isEntered('Finished', before, run) ? [finished(run, after.completion !== undefined)] : []),
  ];
}

function isEntered(stage: RunStatus['stage'], before: Part | undefined, run: RunStatus): boolean {
  if (run.stage !== stage) return false;
  return before?.run?.stage !== stage || before.run.stageSince !== run.stageSince;
}

function extended({ extensions, deadlineAt }: RunStatus): EventNote {
  const message = `the work goes on: its deadline was moved on for the ${ordinal(extensions)} time, to ${deadlineAt ?? ''}`;
  return { type: 'Normal', reason: 'DeadlineExtended', message };
}

function timedOut(): EventNote {
  const message = 'its time is over: the agents are asked to save and report, and are ended then';
  return { type: 'Warning', reason: 'DeadlineExceeded', message };
}

function backingOff({ nextAttemptAt }: RunStatus, last: Attempt | undefined): EventNote {
  const failed = `attempt ${last?.attempt ?? ''} failed: ${last?.reason ?? ''}: ${last?.message ?? ''}`;
  return { type: 'Warning', reason: 'RetryBackoff', message: `${failed}; the next begins at ${nextAttemptAt ?? ''}` };
}

function verifying({ rounds }: RunStatus): EventNote {
  const message = `the work seems done; round ${rounds?.count ?? 1} of putting it together and verifying it`;
  return { type: 'Normal', reason: 'Verifying', message };
}

function refused({ reason, message, told }: Refusal): EventNote {
  const who = told.length === 0 ? 'a person has to resolve it' : `told to ${told.join(', ')}`;
  return {
    type: 'Warning',
    reason: reason === 'MergeConflict' ? reason : 'VerificationRefused',
    message: `${message}; ${who}`,
  };
}

function finished({ result, reason, message = '', attempt }: RunStatus, hasRules: boolean): EventNote {
  if (result === 'Completed') {
    const done = hasRules ? 'the work is done, by the rules of its completion' : 'all agents have done their work';
    return { type: 'Normal', reason: 'Completed', message: done };
  }
  return { type: 'Warning', reason: reason as Reason, message: `attempt ${attempt} was the last: ${message}` };
}

function ordinal(count: number): string {
  return count === 1 ? 'first' : count === 2 ? 'second' : count === 3 ? 'third' : `${count}th`;
}
