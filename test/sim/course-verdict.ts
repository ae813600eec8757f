/** What must be so of a project whose course keeps its agents from running, once nothing has happened for long enough. */
import type { DesiredProject } from '../../controller/api/desired.ts';
import type { ProjectStatus } from '../../controller/api/generated/all.ts';

export interface Standing {
  /** Somebody deleted the state: of what it did before, nobody knows. */
  readonly isForgotten: boolean;
  /** Agents of it that live in a pane. */
  readonly lives: number;
  /** An agent of it ends again and again. */
  readonly isNeverResting: boolean;
}

/** Undefined if its agents are to run. */
export function judgeCourse(
  { name, course }: DesiredProject,
  status: ProjectStatus,
  { isForgotten, lives, isNeverResting }: Standing,
): string[] | undefined {
  const { run, phase, conditions } = status;
  const problem = (text: string): string => `${name}: ${text}`;
  if (run === undefined) return [problem('no attempt in its status')];
  if (run.stage === 'Finished') {
    const told = conditions.some(({ type, reason }) => type === 'Stalled' && reason === 'StillRunning');
    return [
      ...(phase === run.result ? [] : [problem(`its result is ${run.result ?? ''}, and its phase ${phase}`)]),
      ...(lives > 0 && !told && !isForgotten ? [problem('it has its result, and agents of it run')] : []),
      ...(lives > 0 && course.sessionAfterFinished === 'End' ? [problem('its session was to be ended')] : []),
    ];
  }
  if (course.suspend !== undefined) {
    const ends = course.suspend === 'EndSession';
    return [
      ...(phase === 'Suspended' ? [] : [problem(`is suspended, and its phase is ${phase}`)]),
      ...(ends && lives > 0 ? [problem('is suspended, and agents of it run')] : []),
    ];
  }
  if (run.stage === 'Active' && status.completion?.met === true) return [problem('is done, and goes on')];
  if (run.stage !== 'Waiting' && run.stage !== 'Active') return [problem(`is ${run.stage} for ever`)];
  // Held by its account, or without a tmux to run in, it says so, and its clock stands.
  const isLate = course.deadline !== undefined && run.countedAt !== undefined && !isNeverResting;
  return isLate ? [problem(`has had its time, and goes on: ${JSON.stringify(run)}`)] : undefined;
}
