/**
 * The course of a project: what it asks of all its agents alike, before anything that one of them needs for itself. A
 * project that waits in a queue, is suspended, has had its time or has its result stands still or comes to its end as a
 * whole.
 */
import { type Claim, OVERLAY } from '../../api/admission.ts';
import type { ProjectInput } from '../../api/decision.ts';
import type { DesiredCourse } from '../../api/desired.ts';
import type { RunStatus } from '../../api/generated/all.ts';
import type { LaunchObstacle } from '../../api/observed.ts';
import type { Reason } from '../../api/reasons.ts';
import type { AgentPlan } from './agent-plan.ts';
import type { AgentView } from './agent-view.ts';
import { type Judgement, judge } from './completing/judge.ts';
import type { Fact } from './conditions.ts';
import { advance } from './course/advance.ts';
import { isExpired } from './course/expiry.ts';
import { type Scene, timeOverMessage } from './course/scene.ts';
import { type Standing, settle } from './course/settle.ts';
import { workOf } from './course/work.ts';
import type { Intent } from './intent.ts';

export interface Course {
  readonly intent: Intent;
  /** Whether it may run, for all but those projects that nothing could keep from it. */
  readonly admitted: Fact | undefined;
  /** How the attempt stands before its agents are planned; absent where there is no spec to go by. */
  readonly run: RunStatus | undefined;
  readonly scene: Scene | undefined;
}

/** Whether agents are to run, as far as queue and suspension have it. */
interface Gate {
  readonly intent: Intent;
  readonly admitted: Fact | undefined;
}

const OPEN: Gate = { intent: { type: 'Run' }, admitted: undefined };

export function planCourse(input: ProjectInput, views: readonly AgentView[]): Course {
  const { desired, previous } = input;
  if (desired.type !== 'Present') return { ...OPEN, run: previous?.run, scene: undefined };
  const { project, confirmed } = desired;
  const suspended = suspension(input, project.course);
  const gate = suspended ?? admissionGate(input);
  const scene: Scene = {
    input,
    project,
    confirmed,
    views,
    work: workOf(views, input),
    judgement: judgementOf(input, views),
    isOpen: gate.intent.type === 'Run',
    isSuspended: suspended !== undefined,
  };
  const run = advance(scene);
  return { ...byStage(run, gate, scene), run, scene };
}

/** What is over is judged no more. */
function judgementOf(input: ProjectInput, views: readonly AgentView[]): Judgement | undefined {
  const { desired, previous } = input;
  if (desired.type !== 'Present' || desired.project.completion === undefined) return undefined;
  const stage = previous?.run?.stage ?? 'Waiting';
  if (stage === 'Finished' || stage === 'BackingOff' || stage === 'Ending') return undefined;
  return judge(desired.project.completion, views, input);
}

/** What can be said of admission when nothing could be looked at. */
export function admittedFact(input: ProjectInput): Fact | undefined {
  const { desired, previous } = input;
  if (desired.type !== 'Present' || previous?.run?.stage === 'Finished') return undefined;
  return (suspension(input, desired.project.course) ?? admissionGate(input)).admitted;
}

/** What the agents have come to, once it is known what is to become of each. */
export function settleCourse(
  { run, scene }: Course,
  plans: readonly AgentPlan[],
  input: ProjectInput,
): Partial<Standing> {
  const { attempts } = input.previous ?? {};
  if (run === undefined || scene === undefined) return { ...(run && { run }), ...(attempts && { attempts }) };
  return settle(run, plans, scene);
}

function byStage(run: RunStatus, gate: Gate, scene: Scene): Gate {
  const { message = '' } = run;
  const reason = (run.reason ?? 'Completed') as Reason;
  switch (run.stage) {
    case 'Waiting':
    case 'Active':
    case 'Verifying':
      return gate;
    case 'TimingOut': {
      const told = timeOverMessage(scene.project.course.deadline);
      return { intent: { type: 'Stand', reason: 'DeadlineExceeded', message: told }, admitted: undefined };
    }
    case 'Ending': {
      const why = run.reason === 'DeadlineExceeded' ? 'DeadlineExceeded' : 'AttemptFailed';
      return { intent: { type: 'End', reason: why, message, session: 'Keep' }, admitted: undefined };
    }
    case 'BackingOff': {
      if (scene.isSuspended) return gate;
      const next = `attempt ${run.attempt + 1} begins at ${run.nextAttemptAt ?? ''}; the last failed: ${reason}: ${message}`;
      return { intent: { type: 'Stand', reason: 'RetryBackoff', message: next }, admitted: undefined };
    }
    case 'Finished':
      return { intent: finished(run, reason, scene), admitted: undefined };
  }
}

/** What its policies do not name is left alone, whatever of it may still run. */
function finished(run: RunStatus, reason: Reason, { project, input }: Scene): Intent {
  const { course } = project;
  const message = run.message ?? '';
  const ends = course.sessionAfterFinished === 'End' || isExpired(run, course, input.now);
  if (ends) return { type: 'End', reason: 'Finished', message, session: 'End' };
  // Done by its rules, its agents were never to end by themselves: what they left on their terminals stays.
  const isDone = run.result === 'Completed' && project.completion !== undefined;
  if (isDone) return { type: 'End', reason: 'Finished', message: 'its work is done', session: 'Keep' };
  return { type: 'Stand', reason, message };
}

function admissionGate({ admission }: ProjectInput): Gate {
  const { reason, message } = admission;
  switch (admission.type) {
    case 'Admitted':
      if (reason === 'NotQueued') return OPEN;
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
function suspension({ overlay }: ProjectInput, course: DesiredCourse): Gate | undefined {
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
export function claimOf(
  { intent }: Course,
  plans: readonly AgentPlan[],
  { desired, stage }: { readonly desired: ProjectInput['desired']; readonly stage: RunStatus['stage'] | undefined },
): Claim {
  if (stage === 'Finished' || stage === 'BackingOff') {
    // Its rules were met while its agents still ran: they are about to be ended, and run until then.
    if (intent.type !== 'Stand' && plans.some(lives)) return 'Leaves';
    // What else is left of it takes nobody's slot: neither what its policies keep, nor what nobody knows of.
    return 'None';
  }
  // Commands of the verification take as much of the machine as agents do.
  const isVerifying = stage === 'Verifying' && desired.type === 'Present';
  if (isVerifying || plans.some(lives)) return 'Holds';
  if (plans.some(isBeingCleared)) return 'Leaves';
  if (plans.some(isNotLookedFor)) return 'Unknown';
  // As long as nobody is sure that it is gone, nobody ends what is left of it.
  if (desired.type === 'Absent') return desired.confirmed ? 'None' : 'Unknown';
  if (intent.type !== 'Run' && intent.reason === 'Suspended') return 'None';
  const open = plans.filter(({ next, view }) => next.type !== 'Over' && view.desired !== undefined);
  return open.length === 0 || cannotBegin(open) !== undefined ? 'None' : 'Wants';
}

/** What keeps all of them from being started until a person does something: such a project would only sit on its slot. */
export function cannotBegin(open: readonly AgentPlan[]): LaunchObstacle | undefined {
  const obstacles = open.map(({ view }) => view.obstacle);
  return obstacles.every((obstacle) => obstacle !== undefined && !passes(obstacle.reason)) ? obstacles[0] : undefined;
}

const PASSING: ReadonlySet<Reason> = new Set([
  'AccountHeld',
  'NotChecked',
  'StartingOthers',
  'AgentsTaken',
  'WorkTreePreparing',
  'SettingUp',
]);

/** It goes by itself: a check ends, others are up, the login comes back or the limit is over. */
export function passes(reason: Reason | undefined): boolean {
  return reason !== undefined && PASSING.has(reason);
}

/** Its run lives, or may live; also one that outlived its terminal. */
function lives({ view: { life, hasOutlived } }: AgentPlan): boolean {
  return hasOutlived || life.type === 'Running' || life.type === 'Detached' || life.type === 'Settling';
}

function isBeingCleared({ view, next, leftovers }: AgentPlan): boolean {
  return (next.type === 'Ending' && hasProcess(view)) || leftovers !== undefined;
}

/** What is taken out of a spec is looked for before it is forgotten, also where nothing of it has lived for long. */
function hasProcess({ processes, previous }: AgentPlan['view']): boolean {
  return processes?.state === 'Known' ? processes.value.length > 0 : previous?.pid !== undefined;
}

function isNotLookedFor({ next, view }: AgentPlan): boolean {
  return next.type === 'Ending' && view.processes?.state !== 'Known' && view.previous?.run !== undefined;
}
