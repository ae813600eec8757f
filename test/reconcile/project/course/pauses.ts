import type { DesiredCourse } from '../../../../controller/api/desired.ts';
import type { RunStatus } from '../../../../controller/api/generated/all.ts';
import { pauseMs } from '../../../../controller/reconcile/project/course/retry.ts';

/** The pauses after the first attempts, in milliseconds. */
export function retryPauses(uid: string, attempts: number, retry: { initialMs: number; maxMs: number }): number[] {
  const course = { retry } as unknown as DesiredCourse;
  return Array.from({ length: attempts }, (_, index) => pauseMs(uid, { attempt: index + 1 } as RunStatus, course));
}
