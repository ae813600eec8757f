import { OVERLAY } from '../../api/admission.ts';
import type { ProjectInput } from '../../api/decision.ts';
import type { RunStatus } from '../../api/generated/all.ts';
import type { Reason } from '../../api/reasons.ts';
import type { AgentPlan } from './agent-plan.ts';
import { stuckReason, unreadyMessage } from './agent-status.ts';
import type { AgentView } from './agent-view.ts';
import type { Fact } from './conditions.ts';
import {
  completeFact,
  criteriaFact,
  deadlineFact,
  judgedFact,
  needsPerson,
  stillRunning,
  verifiedFact,
} from './course/facts.ts';
import { isGivenUp } from './course/work.ts';
import { admittedFact, type Course, cannotBegin, passes } from './course.ts';
import { exitMessage } from './exit-message.ts';
import { exhaustedFact, healthFacts } from './health-facts.ts';
import { type Standing, standingOf } from './intent.ts';
import type { SessionFact } from './places.ts';
import { isStarting, isUnheard, waitingFacts } from './reading.ts';

export interface FactInput {
  readonly input: ProjectInput;
  readonly plans: readonly AgentPlan[];
  readonly session: SessionFact;
  readonly busy: boolean;
  readonly course: Course;
  readonly run: RunStatus | undefined;
}

/** The facts of a project that was looked at, in order of precedence: Ready rests on those before it. */
export function factsOf({ input, plans, session, busy, course, run }: FactInput): Fact[] {
  const wanted = wantedOf(plans);
  const accepted = acceptedFact(input);
  const over = wanted.length > 0 && wanted.every(({ next }) => next.type === 'Over');
  const standing = standingOf(course.intent);
  const agents = agentsFact(wanted, standing);
  const up = sessionFact(session, { over, failed: agents.reason === 'Failed', failure: input.failure, standing });
  const deadline = deadlineFact(run, input);
  // Where no agent can be started there is no session either: the obstacles say more than its absence. So does what failed.
  const blocked = wanted.length > 0 && wanted.every(({ next }) => next.type === 'Blocked');
  const health = healthFacts(input, wanted);
  // Without a login, an agent that runs does nothing; at a limit, it will go on by itself.
  const login = health.filter(({ type, status }) => type === 'Authenticated' && status === 'False');
  const admitted = run?.stage === 'Finished' ? [] : admittedOf(course).map((fact) => withObstacle(fact, wanted));
  const grounds = blocked || up.reason === 'Failed' ? [agents, up] : [up, ...login, agents];
  const ready = readyFact([accepted, ...admitted, ...deadline, ...grounds], input);
  return [
    ready,
    ...progressFacts({ input, plans, session, busy, course, run }),
    accepted,
    ...admitted,
    up,
    agents,
    ...health,
    ...waitingFacts(wanted),
    ...deadline,
    ...(course.scene?.judgement === undefined ? judgedFact(run, input) : criteriaFact(course.scene, run)),
    ...verifiedFact(run, input),
    ...completeFact(run),
  ];
}

/** What can be said when tmux could not be looked at: that it is not known. */
export function unknownFacts(input: ProjectInput): Fact[] {
  const { tmux } = input.observed;
  if (tmux.state === 'Known') return [];
  const { reason, message } = tmux;
  const unknown = (type: Fact['type']): Fact => ({ type, status: 'Unknown', reason, message });
  return [
    unknown('Ready'),
    { type: 'Reconciling', status: 'True', reason, message },
    { type: 'Stalled', status: 'False', reason: 'Settling' },
    acceptedFact(input),
    ...admittedOf({ admitted: admittedFact(input) }),
    unknown('SessionUp'),
    unknown('AgentsReady'),
    ...judgedFact(input.previous?.run, input),
    ...verifiedFact(input.previous?.run, input),
    // What is over stays so, whatever can be seen.
    ...completeFact(input.previous?.run),
  ];
}

function admittedOf({ admitted }: Pick<Course, 'admitted'>): Fact[] {
  return admitted === undefined ? [] : [admitted];
}

/** A project that could not be started is given no slot: what keeps it says more than its place in the line. */
function withObstacle(fact: Fact, wanted: readonly AgentPlan[]): Fact {
  const open = wanted.filter(({ next }) => next.type !== 'Over');
  if (fact.reason !== 'NotInLine' || open.length === 0) return fact;
  const obstacle = cannotBegin(open);
  if (obstacle === undefined) return fact;
  return { ...fact, reason: obstacle.reason, message: `${obstacle.agent}: ${obstacle.message}` };
}

function acceptedFact({ desired }: ProjectInput): Fact {
  if (desired.type !== 'Rejected') return { type: 'Accepted', status: 'True', reason: 'Accepted' };
  return { type: 'Accepted', status: 'False', reason: desired.reason, message: desired.message };
}

interface SessionGrounds {
  /** All agents ended for good. */
  readonly over: boolean;
  /** One of them not well. */
  readonly failed?: boolean;
  readonly failure?: string | undefined;
  readonly standing?: Standing | undefined;
}

function sessionFact(session: SessionFact, { over, failed, failure, standing }: SessionGrounds): Fact {
  switch (session.type) {
    case 'Up':
      return { type: 'SessionUp', status: 'True', reason: 'SessionUp' };
    case 'Missing':
      if (failure !== undefined)
        return { type: 'SessionUp', status: 'False', reason: 'ActionFailed', message: failure };
      if (standing !== undefined && !over) return { type: 'SessionUp', status: 'False', ...standing };
      return over
        ? {
            type: 'SessionUp',
            status: 'False',
            reason: failed === true ? 'Failed' : 'Completed',
            message: 'all agents ended for good',
          }
        : { type: 'SessionUp', status: 'False', reason: 'SessionMissing', message: 'the session is not there yet' };
    case 'Conflict': {
      const { name, server, uid } = session.session;
      const whose = uid === undefined ? "that is not muxlet's" : 'of another project, or of another controller,';
      const message = `a session ${name} ${whose} stands on tmux server ${server}; rename or end it, or rename the project`;
      return { type: 'SessionUp', status: 'False', reason: 'NameConflict', message };
    }
  }
}

function agentsFact(wanted: readonly AgentPlan[], standing: Standing | undefined): Fact {
  const lacking = wanted.filter((plan) => !isReady(plan) && plan.next.type !== 'Over');
  const failed = wanted.filter(({ next, view }) => next.type === 'Over' && view.lastExit?.reason !== 'Completed');
  if (failed.length > 0) {
    return { type: 'AgentsReady', status: 'False', reason: 'Failed', message: list(failed) };
  }
  if (lacking.length === 0) {
    const done = wanted.length > 0 && wanted.every(({ next }) => next.type === 'Over');
    return { type: 'AgentsReady', status: done ? 'False' : 'True', reason: done ? 'Completed' : 'AgentsReady' };
  }
  if (standing !== undefined && lacking.every(({ next }) => next.type === 'Down')) {
    return { type: 'AgentsReady', status: 'False', ...standing };
  }
  return { type: 'AgentsReady', status: 'False', reason: worstReason(lacking), message: list(lacking) };
}

/** The reason of the agent that most needs a person. */
function worstReason(plans: readonly AgentPlan[]): Reason {
  const blocked = plans.find(({ next }) => next.type === 'Blocked');
  if (blocked !== undefined) return blocked.view.obstacle?.reason ?? 'Unknown';
  if (plans.some(({ next, view }) => next.type === 'StartAt' && view.failures > 1)) return 'CrashLoopBackOff';
  const stuck = plans.find(({ next, view }) => next.type === 'Keep' && isGivenUp(view))?.view;
  if (stuck !== undefined) return stuckReason(stuck);
  if (plans.some(({ next }) => next.type === 'Ending')) return 'Terminating';
  if (plans.some(({ next }) => next.type === 'Start' || next.type === 'StartAt')) return 'Starting';
  if (plans.some(({ next, view }) => next.type === 'Keep' && isStarting(view))) return 'Starting';
  if (plans.some(({ next, view }) => next.type === 'Keep' && isUnheard(view))) return 'NoEvidence';
  return plans.some(isUnready) ? 'ReadinessFailed' : 'AgentsNotReady';
}

function isReady({ view, next }: AgentPlan): boolean {
  if (next.type !== 'Keep' || view.life.type !== 'Running') return false;
  if (isStarting(view) || isUnheard(view) || isGivenUp(view)) return false;
  return view.desired?.readinessProbe === undefined || view.probe?.ready === true;
}

/** It runs, and its readiness probe does not say that it is ready. */
function isUnready(plan: AgentPlan): boolean {
  return plan.next.type === 'Keep' && plan.view.life.type === 'Running' && !isReady(plan);
}

function list(plans: readonly AgentPlan[]): string {
  return plans
    .map((plan) => {
      const { view, next } = plan;
      const starting = isStarting(view) ? 'the program has not shown yet what it does' : unheardMessage(view);
      const unready = isGivenUp(view) ? view.stuck?.message : starting;
      const running = isUnready(plan) ? unready : exitMessage(view.lastExit);
      const detail = next.type === 'Blocked' ? view.obstacle?.message : running;
      return detail === undefined || detail === '' ? view.name : `${view.name}: ${detail}`;
    })
    .join('; ');
}

function unheardMessage(view: AgentView): string {
  return isUnheard(view) ? (view.reading?.message ?? '') : unreadyMessage(view);
}

function readyFact(grounds: readonly Fact[], input: ProjectInput): Fact {
  const { desired, meta } = input;
  if (desired.type === 'Absent' && meta.deletionTimestamp !== undefined) {
    const message = input.overlay[OVERLAY.reset] === meta.uid ? 'it is reset, and begins anew' : 'the spec was removed';
    return { type: 'Ready', status: 'False', reason: 'Terminating', message };
  }
  const lacking = grounds.find((fact) => fact.status !== 'True');
  if (lacking === undefined) return { type: 'Ready', status: 'True', reason: 'Ready' };
  const { status, reason, message } = lacking;
  return { type: 'Ready', status, reason, ...(message !== undefined && { message }) };
}

function progressFacts({ input, plans, session, busy, course, run }: FactInput): Fact[] {
  // Who ran when the result came is only now going to be ended, if that is what is asked for.
  const isOld = input.previous?.run?.stage === 'Finished';
  const stalled =
    (isOld ? stillRunning(run, plans) : undefined) ??
    stalledBy(input, plans, session) ??
    needsPerson(run) ??
    (run?.stage === 'Finished' ? undefined : keptWaiting(course, plans));
  const zombies = plans.filter(isZombie);
  const lost = zombies.map(({ view }) => view.name).join(', ');
  const message = `processes of ${lost} live on without their pane; they are being ended`;
  if (zombies.length > 0) {
    const ending: Fact = { type: 'Reconciling', status: 'True', reason: 'Zombie', message };
    return [ending, stalled ?? { type: 'Stalled', status: 'False', reason: 'Ready' }];
  }
  const reconciling: Fact = busy
    ? { type: 'Reconciling', status: 'True', reason: 'Settling' }
    : { type: 'Reconciling', status: 'False', reason: 'Ready' };
  return [reconciling, stalled ?? { type: 'Stalled', status: 'False', reason: 'Ready' }];
}

/** What it waits for does not come by itself. */
function keptWaiting({ admitted }: Course, plans: readonly AgentPlan[]): Fact | undefined {
  if (admitted?.status !== 'False') return undefined;
  const fact = withObstacle(admitted, wantedOf(plans));
  const isKept = NEVER_ADMITTED.has(fact.reason) || fact.reason !== admitted.reason;
  return isKept ? { ...fact, type: 'Stalled', status: 'True' } : undefined;
}

function wantedOf(plans: readonly AgentPlan[]): readonly AgentPlan[] {
  return plans.filter(({ view }) => view.desired !== undefined);
}

const NEVER_ADMITTED: ReadonlySet<Reason> = new Set([
  'UnknownQueue',
  'NeverFits',
  'DependencyMissing',
  'DependencyFailed',
  'DependencyCycle',
]);

/** Its terminal went away beneath it, and its processes did not. */
function isZombie({ leftovers, view }: AgentPlan): boolean {
  return leftovers !== undefined && view.lastExit?.reason === 'PaneGone';
}

/** What will not change until a person does something. */
function stalledBy({ desired }: ProjectInput, plans: readonly AgentPlan[], session: SessionFact): Fact | undefined {
  if (desired.type === 'Rejected') {
    return { type: 'Stalled', status: 'True', reason: desired.reason, message: desired.message };
  }
  if (session.type === 'Conflict') return { ...sessionFact(session, { over: false }), type: 'Stalled', status: 'True' };
  const blocked = plans.find(({ next, view }) => next.type === 'Blocked' && !passes(view.obstacle?.reason))?.view
    .obstacle;
  if (blocked === undefined) return exhaustedFact(plans);
  return { type: 'Stalled', status: 'True', reason: blocked.reason, message: `${blocked.agent}: ${blocked.message}` };
}
