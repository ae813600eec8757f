/** Holds each decision about a project's course against what was so before, and against a clock of its own. */
import type { Decision, ProjectInput } from '../../controller/api/decision.ts';
import type { RunStatus } from '../../controller/api/generated/all.ts';
import { PHASES_AFTER } from '../../controller/reconcile/project/phase.ts';
import type { SimClock } from './sim-clock.ts';

export interface CourseWatch {
  /** What is wrong with it. */
  decided(input: ProjectInput, decision: Decision): string[];
}

const AS_A_WHOLE: ReadonlySet<string> = new Set([
  'Suspended',
  'Drained',
  'DeadlineExceeded',
  'AttemptFailed',
  'Finished',
]);

/** Whether agents are ended for the sake of the project, not for their own. */
export function endsAsAWhole({ status }: Decision): boolean {
  return status.agents.some(({ termination }) => termination !== undefined && AS_A_WHOLE.has(termination.reason));
}

export function createCourseWatch(clock: SimClock): CourseWatch {
  /** When each attempt was first seen to work, while the machine was awake. */
  const began = new Map<string, number>();

  function ofTime(uid: string, run: RunStatus, { desired }: ProjectInput): string[] {
    const attempt = `${uid} ${run.attempt} ${run.startedAt ?? ''}`;
    if (run.stage === 'Active' && !began.has(attempt)) began.set(attempt, clock.awake());
    if (run.stage !== 'TimingOut' || desired.type !== 'Present') return [];
    const passed = clock.awake() - (began.get(attempt) ?? clock.awake());
    const { deadline } = desired.project.course;
    const isEarly = deadline !== undefined && passed < deadline.afterMs - 1;
    return isEarly ? [`its time is said to be over after ${passed} ms of ${deadline.afterMs}`] : [];
  }

  return {
    decided(input, { status }) {
      const before = input.previous;
      const { run, phase } = status;
      if (run === undefined) return [];
      const follows: readonly string[] = before === undefined ? [phase] : PHASES_AFTER[before.phase];
      const isAllowed = before === undefined || before.phase === phase || follows.includes(phase);
      return [
        ...(isAllowed ? [] : [`phase ${phase} follows ${before.phase}`]),
        ...undone(before?.run, run, input),
        ...ofTime(input.meta.uid, run, input),
      ];
    },
  };
}

/** What has its result keeps it, but for another spec that was seen twice. */
function undone(before: RunStatus | undefined, run: RunStatus, { desired }: ProjectInput): string[] {
  if (before?.stage !== 'Finished') return [];
  if (run.stage === 'Finished') return run.finishedAt === before.finishedAt ? [] : ['its result is another one'];
  const isAsked = desired.type === 'Present' && desired.confirmed && desired.project.inputs !== before.inputs;
  return isAsked ? [] : [`it was ${before.result ?? ''}, and goes on without being asked to`];
}
