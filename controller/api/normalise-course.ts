import type { DesiredCourse, RetryCause } from './desired.ts';
import type { ProjectSpec } from './generated/all.ts';
import { intervalMs } from './interval.ts';
import { hashOf } from './metadata.ts';

/** Hours that work of a size may take. */
const HOURS_BY_SIZE = { small: 4, medium: 6, large: 8, xlarge: 12 } as const;

const HOUR_MS = 3_600_000;
const BY_SIZE = { LoginTrouble: HOUR_MS, RecentActivity: HOUR_MS / 2 } as const;
const NONE = { LoginTrouble: 0, RecentActivity: 0 } as const;

const ALL_CAUSES: readonly RetryCause[] = [
  'AgentFailed',
  'DeadlineExceeded',
  'RecoveriesExhausted',
  'VerificationFailed',
  'CompletionNotMet',
];

/** Fills in the defaults of what a spec says of a project's course. Pure. */
export function courseOf(spec: ProjectSpec): DesiredCourse {
  const { size, queue, retry = {}, suspend = false, suspendPolicy = 'EndSession', ttlAfterFinished } = spec;
  const deadline = deadlineOf(spec);
  return {
    ...(size !== undefined && { size }),
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

/** What says when a project runs and what becomes of it afterwards, and nothing of how its work comes out. */
const NO_INPUTS: ReadonlySet<string> = new Set<keyof ProjectSpec>([
  'queue',
  'priority',
  'hold',
  'suspend',
  'suspendPolicy',
  'sessionAfterFinished',
  'ttlAfterFinished',
]);

/**
 * Changes with all of the spec that may change the outcome of the work. A changed class counts from the next start on, and
 * begins nothing anew that has finished.
 */
export function inputsOf(spec: ProjectSpec): string {
  const inputs = Object.entries(spec).filter(([field]) => !NO_INPUTS.has(field));
  return hashOf(Object.fromEntries(inputs));
}

function deadlineOf({ size, deadline = {} }: ProjectSpec): DesiredCourse['deadline'] {
  const bySize = size === undefined ? undefined : HOURS_BY_SIZE[size] * HOUR_MS;
  const afterMs = deadline.after === undefined ? bySize : intervalMs(deadline.after);
  if (afterMs === undefined) return undefined;
  return {
    afterMs,
    heartbeatMs: intervalMs(deadline.heartbeatTimeout ?? '30m'),
    extensions: deadline.extensions ?? 3,
    extendByMs: intervalMs(deadline.extendBy ?? '15m'),
    graceMs: intervalMs(deadline.grace ?? '5m'),
    allowances: deadline.after === undefined ? BY_SIZE : NONE,
  };
}
