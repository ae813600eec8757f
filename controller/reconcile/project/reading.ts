/** What an agent's own sources say, as its status, its project's conditions and events show it. */
import type { AgentActivity } from '../../api/agent-reading.ts';
import type { EventNote } from '../../api/decision.ts';
import type { AgentStatus } from '../../api/generated/all.ts';
import type { AgentPlan } from './agent-plan.ts';
import type { AgentView } from './agent-view.ts';
import type { Fact } from './conditions.ts';

/** The part of a running agent's status that comes from its reading. */
export type ReadingFace = Pick<
  AgentStatus,
  'state' | 'reason' | 'message' | 'evidence' | 'evidenceAt' | 'rule' | 'conversation'
>;

/** Undefined for an agent whose class does not say how it is read: that it runs is all that is known of it. */
export function readingFace(view: AgentView): ReadingFace | undefined {
  const { reading, previous, life, desired } = view;
  if (life.type !== 'Running' || (desired !== undefined && desired.program.reading === undefined)) return undefined;
  if (reading === undefined) {
    const known = previous?.run === life.pane.mark.run ? previous : undefined;
    // While its spec cannot be used nobody knows whether its class would say.
    if (desired === undefined && known?.evidenceAt === undefined) return undefined;
    return known === undefined ? { state: 'Starting', reason: 'Starting', evidence: 'process' } : faceOf(known);
  }
  const { state, reason, message, evidence, rule, conversation, at } = reading;
  const read = evidence ?? (state === 'Starting' ? 'process' : undefined);
  return {
    state,
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
    ...(read !== undefined && { evidence: read }),
    evidenceAt: new Date(at).toISOString(),
    ...(rule !== undefined && { rule }),
    ...(conversation !== undefined && { conversation }),
  };
}

/** A controller that has just begun says what was said before it, until it has read for itself. */
function faceOf({ state, reason, message, evidence, evidenceAt, rule, conversation }: AgentStatus): ReadingFace {
  return {
    state,
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
    ...(evidence !== undefined && { evidence }),
    ...(evidenceAt !== undefined && { evidenceAt }),
    ...(rule !== undefined && { rule }),
    ...(conversation !== undefined && { conversation }),
  };
}

/** Its process runs, and the program is not there yet. */
export function isStarting(view: AgentView): boolean {
  return readingFace(view)?.state === 'Starting';
}

/**
 * The time for its start is over, and nothing has said in this run what it does: nobody knows whether anybody could work
 * with it, and it may stand at a question that its class does not know.
 */
export function isUnheard({ reading, previous, life }: AgentView): boolean {
  if (life.type !== 'Running') return false;
  // A controller that has just begun says what was said before it.
  if (reading === undefined) return previous?.run === life.pane.mark.run && isSilent(previous) && !previous.ready;
  const { last, prompts } = reading.turns;
  return isSilent(reading) && reading.heard !== true && last === undefined && prompts.length === 0;
}

function isSilent({ state, reason }: Pick<AgentStatus, 'state' | 'reason'>): boolean {
  return state === 'Unknown' && reason === 'NoEvidence';
}

/** Whether agents wait for a person, with their names and the dialogs; nothing where no class says how to tell. */
export function waitingFacts(plans: readonly AgentPlan[]): Fact[] {
  const read = plans.flatMap(({ view, next }) => {
    const face = next.type === 'Keep' ? readingFace(view) : undefined;
    return face === undefined ? [] : [{ name: view.name, face }];
  });
  if (read.length === 0) return [];
  const waiting = read.filter(({ face }) => face.state === 'Waiting');
  if (waiting.length === 0) return [{ type: 'WaitingForInput', status: 'False', reason: 'NothingAsked' }];
  const message = waiting.map(({ name, face }) => `${name}: ${dialogOf(face)}`).join('; ');
  return [{ type: 'WaitingForInput', status: 'True', reason: 'WaitingForInput', message }];
}

const NEEDS_PERSON: Partial<Record<AgentStatus['state'], EventNote['reason']>> = {
  Waiting: 'WaitingForInput',
  NeedsAuth: 'NeedsAuth',
  Limited: 'Limited',
} satisfies Partial<Record<AgentActivity, EventNote['reason']>>;

/**
 * Told once when an agent comes to need somebody, and not again for as long as it is by the same evidence. One that has not
 * come up when the time for that is over may stand at a question that its class does not know.
 */
export function needEvents(previous: AgentStatus | undefined, agent: AgentStatus): EventNote[] {
  if (previous?.state === 'Starting' && agent.state === 'Unknown' && agent.reason === 'NoEvidence') {
    return [{ type: 'Warning', reason: 'NoEvidence', message: `agent ${agent.name}: ${dialogOf(agent)}` }];
  }
  const reason = NEEDS_PERSON[agent.state];
  if (reason === undefined) return [];
  const isSame = previous?.state === agent.state && previous.reason === agent.reason;
  // In between, it may just not have been known.
  const isSaid = previous?.evidenceAt === agent.evidenceAt && previous?.rule === agent.rule;
  if (previous?.run === agent.run && (isSame || isSaid)) return [];
  // A login is lost, and a limit met, for all agents of the account at once: the class tells of that (LoginLost, UsageLimit).
  const type = agent.state === 'Waiting' ? 'Warning' : 'Normal';
  return [{ type, reason, message: `agent ${agent.name}: ${dialogOf(agent)}` }];
}

/** `PermissionPrompt: it asks to use Bash` */
function dialogOf({ state, reason, message }: Pick<AgentStatus, 'state' | 'reason' | 'message'>): string {
  return [reason ?? state, message].filter((part) => part !== undefined && part !== '').join(': ');
}
