import type { DesiredCourse } from '../../../api/desired.ts';
import type { RunStatus } from '../../../api/generated/all.ts';

/** Whether it has been finished for as long as it is kept. */
export function isExpired(run: RunStatus, course: DesiredCourse, now: number): boolean {
  return run.stage === 'Finished' && expiresInMs(run, course, now) === 0;
}

/** Milliseconds; undefined if it is kept for good, or not finished. */
export function expiresInMs(run: RunStatus, { ttlAfterFinishedMs }: DesiredCourse, now: number): number | undefined {
  if (ttlAfterFinishedMs === undefined || run.finishedAt === undefined) return undefined;
  return Math.max(0, Date.parse(run.finishedAt) + ttlAfterFinishedMs - now);
}
