import type { ProjectStatus } from '../api/generated/all.ts';
import type { MetricsHooks } from '../metrics/hooks.ts';
import type { SeenProject } from '../runtime/project-worker.ts';

/** Counts what became of attempts, from one status to the next. */
export function courseFigures(hooks: MetricsHooks['courseHooks']): (project: SeenProject) => void {
  return ({ status, previous }) => {
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
      const ms = durationMs(attempts);
      if (ms !== undefined) hooks.onFinished(run.result, ms);
    }
  };
}

/** From the start of the first of the attempts that led to the last. */
function durationMs(attempts: NonNullable<ProjectStatus['attempts']>): number | undefined {
  const first = attempts.findLast(({ attempt }) => attempt === 1) ?? attempts[0];
  const last = attempts.at(-1);
  if (first?.startedAt === undefined || last === undefined) return undefined;
  return Math.max(0, Date.parse(last.finishedAt) - Date.parse(first.startedAt));
}
