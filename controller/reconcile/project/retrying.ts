import type { AgentReading } from '../../api/agent-reading.ts';
import type { EventNote, ProjectInput } from '../../api/decision.ts';
import type { AgentStatus, FailedTurn } from '../../api/generated/all.ts';
import { hasEnded } from '../../api/mail.ts';
import { agentUid } from '../../api/metadata.ts';
import { type Word, wordId } from '../../api/word.ts';
import type { AgentPlan } from './agent-plan.ts';
import { isOutOfOrder, limitsPolicy } from './holding.ts';

export interface Retrying {
  readonly failedTurn?: FailedTurn;
  readonly words: readonly Word[];
  readonly events: readonly EventNote[];
  readonly dueInMs?: number;
}

const FIRST_MINUTES = 5;
const LONGEST_MINUTES = 120;
const MINUTE_MS = 60_000;
/** Between two looks at what has become of a word, in milliseconds. */
const AGAIN_MS = 1000;
const NOTHING: Retrying = { words: [], events: [] };

/**
 * A program tries again by itself where its service is overloaded or not to be reached, and gives up some time. Its agent
 * then stands at its prompt, and is told to go on: after a pause, and after twice that if the turn fails once more, so
 * that nobody hammers a service that is down. The failure is on record before a word is said, which is known by its time:
 * who comes after a crash says the same one. A permanent failure is a person's.
 */
export function planRetry({ view, next }: AgentPlan, input: ProjectInput): Retrying {
  const { desired, previous, reading, life, account, name } = view;
  if (desired?.program.delivery === undefined || next.type !== 'Keep' || life.type !== 'Running') return NOTHING;
  const { retryMinutes = FIRST_MINUTES } = desired.program.limits ?? {};
  if (retryMinutes === 0 || limitsPolicy(input, desired) !== 'resume') return NOTHING;
  const before = previous?.failedTurn;
  if (reading === undefined) return withTurn(before);
  if (!hasFailed(reading)) return isOver(before, reading) ? NOTHING : withTurn(before);
  const failedTurn = turnOf(before, reading, { name, input });
  if (isOutOfOrder(account)) return withTurn(failedTurn);
  const minutes = Math.min(retryMinutes * 2 ** Math.min(failedTurn.told, 20), Math.max(retryMinutes, LONGEST_MINUTES));
  const dueInMs = Date.parse(failedTurn.at) + minutes * MINUTE_MS - input.now;
  if (dueInMs > 0) return { ...withTurn(failedTurn), dueInMs };
  return tell(failedTurn, { name, input });
}

function hasFailed({ state, reason, failure }: AgentReading): boolean {
  return state === 'Waiting' && reason === 'TurnFailed' && failure === 'Transient';
}

/** A turn that is under way has not proved anything yet. */
function isOver(before: FailedTurn | undefined, { state, at, turns }: AgentReading): boolean {
  return before === undefined || (state === 'Idle' && turns.last !== 'Fails' && at > Date.parse(before.at));
}

interface Whom {
  readonly name: string;
  readonly input: ProjectInput;
}

/** The failure on record, or the next one: it came after the agent was told to go on. */
function turnOf(before: AgentStatus['failedTurn'], { at }: AgentReading, whom: Whom): FailedTurn {
  const failed = new Date(Math.min(at, whom.input.now)).toISOString();
  if (before === undefined) return { at: failed, told: 0 };
  const mail = whom.input.observed.words?.get(wordId(wordOf(before, whom)));
  if (mail === undefined || !hasEnded(mail)) return before;
  return at > (mail.typedAt ?? mail.endedAt ?? 0) ? { at: failed, told: before.told + 1 } : before;
}

function tell(failedTurn: FailedTurn, whom: Whom): Retrying {
  const { name, input } = whom;
  const word = wordOf(failedTurn, whom);
  const mail = input.observed.words?.get(wordId(word));
  if (mail !== undefined) return { ...withTurn(failedTurn), ...(!hasEnded(mail) && { dueInMs: AGAIN_MS }) };
  const message = `agent ${name}: its turn failed for a trouble that passes; it is told to go on`;
  return {
    failedTurn,
    words: [word],
    events: [{ type: 'Normal', reason: 'TurnTriedAgain', message, agent: name }],
    dueInMs: AGAIN_MS,
  };
}

function wordOf({ at }: FailedTurn, { name, input: { meta } }: Whom): Word {
  return {
    project: meta.name,
    projectUid: meta.uid,
    agent: name,
    uid: agentUid(meta.uid, name),
    topic: 'turn-failed',
    occasion: Date.parse(at),
    text: 'Your last turn ended in an error of the service that may be over by now. Go on with your work where you left off.',
    manner: { dedupeKey: '@turn-failed', onlyIdle: true },
  };
}

function withTurn(failedTurn: FailedTurn | undefined): Retrying {
  return failedTurn === undefined ? NOTHING : { ...NOTHING, failedTurn };
}
