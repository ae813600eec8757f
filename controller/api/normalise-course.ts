import type { DesiredCourse, RetryCause } from './desired.ts';
import type { ProjectSpec } from './generated/all.ts';
import { intervalMs } from './interval.ts';

/** Hours that work of a size may take. */
const HOURS_BY_SIZE = { small: 4, medium: 6, large: 8, xlarge: 12 } as const;

const ALL_CAUSES: readonly RetryCause[] = [
  'AgentFailed',
  'DeadlineExceeded',
  'RecoveriesExhausted',
  'VerificationFailed',
];

/** Fills in the defaults of what a spec says of a project's course. Pure. */
export function courseOf(spec: ProjectSpec): DesiredCourse {
  const { queue, retry = {}, suspend = false, suspendPolicy = 'EndSession', ttlAfterFinished } = spec;
  const deadline = deadlineOf(spec);
  return {
    ...(queue !== undefined && { queue }),
    priority: spec.priority ?? 0,
    hold: spec.hold ?? false,
    dependsOn: [...new Set(spec.dependsOn ?? [])],
    ...(deadline !== undefined && { deadline }),
    retry: {
      limit: retry.limit ?? 0,
      on: retry.on ?? ALL_CAUSES,
      initialMs: intervalMs(retry.initialBackoff ?? '1m'),
      maxMs: intervalMs(retry.maxBackoff ?? '1h'),
    },
    ...(suspend && { suspend: suspendPolicy }),
    sessionAfterFinished: spec.sessionAfterFinished ?? 'Keep',
    ...(ttlAfterFinished !== undefined && { ttlAfterFinishedMs: intervalMs(ttlAfterFinished) }),
  };
}

function deadlineOf({ size, deadline = {} }: ProjectSpec): DesiredCourse['deadline'] {
  const bySize = size === undefined ? undefined : HOURS_BY_SIZE[size] * 3_600_000;
  const afterMs = deadline.after === undefined ? bySize : intervalMs(deadline.after);
  if (afterMs === undefined) return undefined;
  return {
    afterMs,
    heartbeatMs: intervalMs(deadline.heartbeatTimeout ?? '30m'),
    extensions: deadline.extensions ?? 3,
    extendByMs: intervalMs(deadline.extendBy ?? '15m'),
    graceMs: intervalMs(deadline.grace ?? '5m'),
  };
}
