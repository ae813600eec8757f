/**
 * The decision about an AgentClass: what is said of its program and its account, which all its agents share. Nothing is
 * done to the world here; what the agents do about it, their projects decide. Pure.
 */
import type { EventNote } from '../../api/decision.ts';
import type { AgentClassStatus } from '../../api/generated/all.ts';
import type { Word } from '../../api/word.ts';
import type { ClassInput } from './class-input.ts';
import { classConditions } from './conditions.ts';
import { eventsOf } from './events.ts';
import { goOnWords } from './go-on.ts';
import { decideLimit } from './limit.ts';
import { decideLogin } from './login.ts';

export interface ClassDecision {
  readonly status: AgentClassStatus;
  readonly events: readonly EventNote[];
  readonly words: readonly Word[];
  /** Milliseconds until the account is to be thought about again. */
  readonly againMs: number;
}

/** How old a look at the program and its login may get, in milliseconds: while all is well, and while it is not. */
const WELL_MS = 300_000;
const WRONG_MS = 10_000;

export function decideClass(input: ClassInput): ClassDecision {
  const { spec, generation, previous, look, members, now } = input;
  const readings = members.flatMap(({ member, reading }) => (member.alive && reading !== undefined ? [reading] : []));
  const { login, change: loginChange } = decideLogin({ previous: previous?.login, look, readings, now });
  const { limit, change: limitChange } = decideLimit({ spec, previous: previous?.limit, readings, now });
  const state = { ...input, login, limit };
  const conditions = classConditions(state);
  const status: AgentClassStatus = {
    observedGeneration: generation,
    conditions,
    agents: members.length,
    ...(look?.program.type === 'Found' && { program: look.program.path }),
    ...(look?.version.type === 'Known' && { version: look.version.text }),
    ...(login !== undefined && { login }),
    ...(limit !== undefined && { limit }),
  };
  return {
    status,
    events: eventsOf(input, status, { login: loginChange, limit: limitChange }),
    words: goOnWords(input, limit),
    againMs: againMs(status, now),
  };
}

/** How often the program and its login are looked at: seldom while all is well. */
export function lookEveryMs(status: AgentClassStatus | undefined): number {
  if (status?.login?.lostAt !== undefined) return WRONG_MS;
  const wrong = status?.conditions.some(
    ({ type, status: is }) => is === 'False' && (type === 'ProgramFound' || type === 'Authenticated'),
  );
  return wrong === true ? WRONG_MS : WELL_MS;
}

function againMs(status: AgentClassStatus, now: number): number {
  const until = status.limit?.until;
  const every = lookEveryMs(status);
  return until === undefined ? every : Math.max(0, Math.min(every, Date.parse(until) - now));
}
