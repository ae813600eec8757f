/**
 * The course of a project: what it asks of all its agents alike, before anything that one of them needs for itself. A
 * project that waits in a queue, is suspended, or has had its time stands still or comes to its end as a whole.
 */
import { type Claim, OVERLAY } from '../../api/admission.ts';
import type { ProjectInput } from '../../api/decision.ts';
import type { DesiredCourse } from '../../api/desired.ts';
import type { LaunchObstacle } from '../../api/observed.ts';
import type { Reason } from '../../api/reasons.ts';
import type { AgentPlan } from './agent-plan.ts';
import type { Fact } from './conditions.ts';
import type { Intent } from './intent.ts';

export interface Course {
  readonly intent: Intent;
  /** Whether it may run, for all but those projects that nothing could keep from it. */
  readonly admitted: Fact | undefined;
}

const RUN: Course = { intent: { type: 'Run' }, admitted: undefined };

export function planCourse(input: ProjectInput): Course {
  const { desired, admission } = input;
  if (desired.type !== 'Present') return RUN;
  const suspended = suspension(input, desired.project.course);
  if (suspended !== undefined) return suspended;
  const { reason, message } = admission;
  switch (admission.type) {
    case 'Admitted':
      if (reason === 'NotQueued') return RUN;
      return { intent: { type: 'Run' }, admitted: { type: 'Admitted', status: 'True', reason, message } };
    case 'Waiting':
      return { intent: { type: 'Stand', reason, message }, admitted: notAdmitted(reason, message) };
    case 'Withdrawn':
      return {
        intent: { type: 'End', reason: admission.reason, message, session: 'End' },
        admitted: notAdmitted(reason, message),
      };
  }
}

/** What tools say counts before what the spec says. */
function suspension({ overlay }: ProjectInput, course: DesiredCourse): Course | undefined {
  const asked = overlay[OVERLAY.suspend] ?? course.suspend;
  if (asked === undefined) return undefined;
  const by = overlay[OVERLAY.suspend] === undefined ? 'its spec' : "'muxlet suspend'";
  const message = `suspended by ${by}`;
  const admitted = notAdmitted('Suspended', message);
  if (asked === 'KeepSession') return { intent: { type: 'Stand', reason: 'Suspended', message }, admitted };
  return { intent: { type: 'End', reason: 'Suspended', message, session: 'End' }, admitted };
}

function notAdmitted(reason: Reason, message: string): Fact {
  return { type: 'Admitted', status: 'False', reason, message };
}

/** What the project asks of its queue: see `Claim`. */
export function claimOf({ intent }: Course, plans: readonly AgentPlan[], { desired }: ProjectInput): Claim {
  if (plans.some(isOccupied)) return 'Holds';
  if (desired.type === 'Absent') return 'None';
  if (intent.type !== 'Run' && intent.reason === 'Suspended') return 'None';
  const open = plans.filter(({ next, view }) => next.type !== 'Over' && view.desired !== undefined);
  return open.length === 0 || cannotBegin(open) !== undefined ? 'None' : 'Wants';
}

/** What keeps all of them from being started until a person does something: such a project would only sit on its slot. */
export function cannotBegin(open: readonly AgentPlan[]): LaunchObstacle | undefined {
  const obstacles = open.map(({ view }) => view.obstacle);
  return obstacles.every((obstacle) => obstacle !== undefined && !passes(obstacle.reason)) ? obstacles[0] : undefined;
}

/** It goes by itself: a check ends, others are up, the login comes back or the limit is over. */
export function passes(reason: Reason | undefined): boolean {
  return reason === 'AccountHeld' || reason === 'NotChecked' || reason === 'StartingOthers';
}

/** Something of it lives, or may live. */
function isOccupied({ view, next, leftovers }: AgentPlan): boolean {
  const { type } = view.life;
  const lives = type === 'Running' || type === 'Detached' || type === 'Settling';
  return lives || next.type === 'Ending' || leftovers !== undefined;
}
