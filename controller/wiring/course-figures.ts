import type { ProjectStatus } from '../api/generated/all.ts';
import type { MetricsHooks, Size } from '../metrics/hooks.ts';
import type { SeenProject } from '../runtime/project-worker.ts';

/** Counts what became of attempts, from one status to the next. */
export function courseFigures(
  hooks: Omit<MetricsHooks['courseHooks'], 'onFalseFailure'>,
): (project: SeenProject) => void {
  return (project) => {
    const { status, previous } = project;
    const { run, attempts = [] } = status;
    if (run === undefined) return;
    const before = previous?.run;
    const isSame = before?.attempt === run.attempt;
    for (let more = isSame ? run.extensions - before.extensions : 0; more > 0; more -= 1) hooks.onExtension();
    const last = attempts.at(-1);
    if (last !== undefined && last.finishedAt !== previous?.attempts?.at(-1)?.finishedAt) {
      hooks.onAttempt(last.result, last.reason);
    }
    if (run.stage === 'Finished' && before?.stage !== 'Finished' && run.result !== undefined) {
      hooks.onFinished(run.result, sizeOf(project), durationMs(attempts));
    }
  };
}

export function sizeOf({ desired }: Pick<SeenProject, 'desired'>): Size {
  return desired.type === 'Present' ? (desired.project.course.size ?? 'none') : 'none';
}

/** From the start of the first of the attempts that led to the last. */
function durationMs(attempts: NonNullable<ProjectStatus['attempts']>): number | undefined {
  const first = attempts.findLast(({ attempt }) => attempt === 1) ?? attempts[0];
  const last = attempts.at(-1);
  if (first?.startedAt === undefined || last === undefined) return undefined;
  return Math.max(0, Date.parse(last.finishedAt) - Date.parse(first.startedAt));
}
