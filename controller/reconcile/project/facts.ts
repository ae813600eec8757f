import type { ProjectInput } from '../../api/decision.ts';
import type { Reason } from '../../api/reasons.ts';
import type { AgentPlan } from './agent-plan.ts';
import { unreadyMessage } from './agent-status.ts';
import type { Fact } from './conditions.ts';
import { exitMessage } from './exit-message.ts';
import { exhaustedFact, healthFacts } from './health-facts.ts';
import type { SessionFact } from './places.ts';
import { isStarting, waitingFacts } from './reading.ts';

export interface FactInput {
  readonly input: ProjectInput;
  readonly plans: readonly AgentPlan[];
  readonly session: SessionFact;
  readonly busy: boolean;
}

/** The facts of a project that was looked at, in order of precedence: Ready rests on those before it. */
export function factsOf({ input, plans, session, busy }: FactInput): Fact[] {
  const wanted = plans.filter(({ view }) => view.desired !== undefined);
  const accepted = acceptedFact(input);
  const over = wanted.length > 0 && wanted.every(({ next }) => next.type === 'Over');
  const up = sessionFact(session, over, input.failure);
  const agents = agentsFact(wanted);
  const complete = completeFact(wanted, over);
  // Where no agent can be started there is no session either: the obstacles say more than its absence.
  const blocked = wanted.length > 0 && wanted.every(({ next }) => next.type === 'Blocked');
  const health = healthFacts(input, wanted);
  // Without a login, an agent that runs does nothing; at a limit, it will go on by itself.
  const login = health.filter(({ type, status }) => type === 'Authenticated' && status === 'False');
  const ready = readyFact(blocked ? [accepted, agents, up] : [accepted, up, ...login, agents], input);
  return [
    ready,
    ...progressFacts({ input, plans, session, busy }),
    accepted,
    up,
    agents,
    ...health,
    ...waitingFacts(wanted),
    ...complete,
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
    unknown('SessionUp'),
    unknown('AgentsReady'),
  ];
}

function acceptedFact({ desired }: ProjectInput): Fact {
  if (desired.type !== 'Rejected') return { type: 'Accepted', status: 'True', reason: 'Accepted' };
  return { type: 'Accepted', status: 'False', reason: desired.reason, message: desired.message };
}

function sessionFact(session: SessionFact, over: boolean, failure?: string): Fact {
  switch (session.type) {
    case 'Up':
      return { type: 'SessionUp', status: 'True', reason: 'SessionUp' };
    case 'Missing':
      if (failure !== undefined)
        return { type: 'SessionUp', status: 'False', reason: 'ActionFailed', message: failure };
      return over
        ? { type: 'SessionUp', status: 'False', reason: 'Completed', message: 'all agents ended for good' }
        : { type: 'SessionUp', status: 'False', reason: 'SessionMissing', message: 'the session is not there yet' };
    case 'Conflict': {
      const { name, server } = session.session;
      const message = `a session ${name} that is not muxlet's stands on tmux server ${server}; rename or end it, or rename the project`;
      return { type: 'SessionUp', status: 'False', reason: 'NameConflict', message };
    }
  }
}

function agentsFact(wanted: readonly AgentPlan[]): Fact {
  const lacking = wanted.filter((plan) => !isReady(plan) && plan.next.type !== 'Over');
  const failed = wanted.filter(({ next, view }) => next.type === 'Over' && view.lastExit?.reason !== 'Completed');
  if (failed.length > 0) {
    return { type: 'AgentsReady', status: 'False', reason: 'Failed', message: list(failed) };
  }
  if (lacking.length === 0) {
    const done = wanted.length > 0 && wanted.every(({ next }) => next.type === 'Over');
    return { type: 'AgentsReady', status: done ? 'False' : 'True', reason: done ? 'Completed' : 'AgentsReady' };
  }
  return { type: 'AgentsReady', status: 'False', reason: worstReason(lacking), message: list(lacking) };
}

/** The reason of the agent that most needs a person. */
function worstReason(plans: readonly AgentPlan[]): Reason {
  const blocked = plans.find(({ next }) => next.type === 'Blocked');
  if (blocked !== undefined) return blocked.view.obstacle?.reason ?? 'Unknown';
  if (plans.some(({ next, view }) => next.type === 'StartAt' && view.failures > 1)) return 'CrashLoopBackOff';
  if (plans.some(({ next }) => next.type === 'Ending')) return 'Terminating';
  if (plans.some(({ next }) => next.type === 'Start' || next.type === 'StartAt')) return 'Starting';
  if (plans.some(({ next, view }) => next.type === 'Keep' && isStarting(view))) return 'Starting';
  return plans.some(isUnready) ? 'ReadinessFailed' : 'AgentsNotReady';
}

function isReady({ view, next }: AgentPlan): boolean {
  if (next.type !== 'Keep' || view.life.type !== 'Running') return false;
  if (isStarting(view)) return false;
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
      const unready = isStarting(view) ? 'the program has not shown yet what it does' : unreadyMessage(view);
      const running = isUnready(plan) ? unready : exitMessage(view.lastExit);
      const detail = next.type === 'Blocked' ? view.obstacle?.message : running;
      return detail === undefined || detail === '' ? view.name : `${view.name}: ${detail}`;
    })
    .join('; ');
}

function completeFact(wanted: readonly AgentPlan[], over: boolean): Fact[] {
  if (!over) return [];
  const good = wanted.every(({ view }) => view.lastExit?.reason === 'Completed');
  return [{ type: 'Complete', status: good ? 'True' : 'False', reason: good ? 'Completed' : 'Failed' }];
}

function readyFact(grounds: readonly Fact[], { desired, meta }: ProjectInput): Fact {
  if (desired.type === 'Absent' && meta.deletionTimestamp !== undefined) {
    return { type: 'Ready', status: 'False', reason: 'Terminating', message: 'the spec was removed' };
  }
  const lacking = grounds.find((fact) => fact.status !== 'True');
  if (lacking === undefined) return { type: 'Ready', status: 'True', reason: 'Ready' };
  const { status, reason, message } = lacking;
  return { type: 'Ready', status, reason, ...(message !== undefined && { message }) };
}

function progressFacts({ input, plans, session, busy }: FactInput): Fact[] {
  const stalled = stalledBy(input, plans, session);
  const reconciling: Fact = busy
    ? { type: 'Reconciling', status: 'True', reason: 'Settling' }
    : { type: 'Reconciling', status: 'False', reason: 'Ready' };
  return [reconciling, stalled ?? { type: 'Stalled', status: 'False', reason: 'Ready' }];
}

/** It goes by itself: a check ends, others are up, the login comes back or the limit is over. */
function passes(reason: Reason | undefined): boolean {
  return reason === 'AccountHeld' || reason === 'NotChecked' || reason === 'StartingOthers';
}

/** What will not change until a person does something. */
function stalledBy({ desired }: ProjectInput, plans: readonly AgentPlan[], session: SessionFact): Fact | undefined {
  if (desired.type === 'Rejected') {
    return { type: 'Stalled', status: 'True', reason: desired.reason, message: desired.message };
  }
  if (session.type === 'Conflict') return { ...sessionFact(session, false), type: 'Stalled', status: 'True' };
  const blocked = plans.find(({ next, view }) => next.type === 'Blocked' && !passes(view.obstacle?.reason))?.view
    .obstacle;
  if (blocked === undefined) return exhaustedFact(plans);
  return { type: 'Stalled', status: 'True', reason: blocked.reason, message: `${blocked.agent}: ${blocked.message}` };
}
