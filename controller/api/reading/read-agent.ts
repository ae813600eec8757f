import type { AgentReading } from '../agent-reading.ts';
import type { Claim } from './claim.ts';
import { combineClaims } from './combine.ts';
import type { CompiledReading } from './compile.ts';
import { limitEndsAt } from './limit-time.ts';
import { type Memory, unfinishedWork } from './memory.ts';

export interface ReadFacts {
  readonly agent: string;
  readonly run: string;
  readonly reading: CompiledReading;
  /** At most one of each source. */
  readonly claims: readonly Claim[];
  readonly memory: Memory;
  /** Whether the run was started with a first prompt. */
  readonly promptGiven: boolean;
  /** When the run began, and when its terminal last showed something new, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly printedAt: number;
  readonly now: number;
}

/** Everything that the sources say of one run of an agent, as one reading. */
export function readAgent(facts: ReadFacts): AgentReading {
  const { agent, run, reading, claims, memory, startedAt, printedAt, now } = facts;
  const verdict = combineClaims(claims, now);
  const { turns, conversation, contextLeft } = memory;
  const common = {
    agent,
    run,
    movedAt: Math.max(startedAt, printedAt, memory.movedAt),
    turns,
    ...(conversation !== undefined && { conversation }),
    ...(contextLeft !== undefined && { contextLeft }),
  };
  switch (verdict.type) {
    case 'Known': {
      const message = startsYet(facts, verdict.claim);
      if (message !== undefined) {
        return { ...common, state: 'Starting', reason: 'Starting', message, at: startedAt };
      }
      const work = unfinishedWork(memory);
      if (verdict.claim.state !== 'Idle' || work === undefined) {
        return { ...common, ...saidBy(verdict.claim, verdict.accepted, reading) };
      }
      const at = Math.max(verdict.claim.at, work.at);
      return { ...common, state: 'Busy', reason: 'BackgroundWork', at, evidence: work.evidence, rule: work.rule };
    }
    case 'Disagree': {
      const said = verdict.claims.map(({ evidence, rule, state }) => `${evidence} says ${state} (${rule})`).join(', ');
      const at = Math.max(...verdict.claims.map((claim) => claim.at));
      return { ...common, state: 'Unknown', reason: 'SourcesDisagree', message: said, at };
    }
    case 'Nothing': {
      const isUp = hasBegunATurn(memory);
      if (!isUp && now < startedAt + reading.startTimeoutMs) {
        return { ...common, state: 'Starting', reason: 'Starting', at: startedAt };
      }
      const message = 'none of the sources of its class says what it does';
      const at = isUp ? Math.max(startedAt, memory.movedAt) : startedAt + reading.startTimeoutMs;
      return { ...common, state: 'Unknown', reason: 'NoEvidence', message, at };
    }
  }
}

/**
 * Why one that rests, or moves for reasons of its own, is not up yet. What came before it took up what it was started with
 * would come before its briefing; what comes before it has come up may get to another conversation. That a turn began is
 * proof of both; nothing is proof after the time for the start.
 */
function startsYet(
  { promptGiven, reading, memory, startedAt, now }: ReadFacts,
  { state, tense }: Claim,
): string | undefined {
  if (hasBegunATurn(memory) || now >= startedAt + reading.startTimeoutMs) return undefined;
  if (state !== 'Idle' && (state !== 'Busy' || tense !== 'Present')) return undefined;
  if (promptGiven && reading.tellsPrompts) return 'its first prompt has not been taken yet';
  return reading.tellsStart && memory.started !== true ? 'its program has not come up yet' : undefined;
}

function hasBegunATurn({ turns }: Memory): boolean {
  return turns.prompts.length > 0 || turns.last !== undefined;
}

/** When what is said will change by itself, in milliseconds since the epoch: evidence expires, the start is over. */
export function changesAt({ claims, startedAt, reading, now }: ReadFacts): number | undefined {
  const times = [...claims.map(({ expiresAt }) => expiresAt), startedAt + reading.startTimeoutMs];
  const later = times.filter((at) => at !== undefined).filter((at) => at > now);
  return later.length === 0 ? undefined : Math.min(...later);
}

/** A source that is trusted less may know the reason for what one above it only names. */
function saidBy(claim: Claim, accepted: readonly Claim[], { resets }: CompiledReading) {
  const { state, at, evidence, rule } = claim;
  const told = claim.reason === undefined ? accepted.find((one) => one.state === state && one.reason) : claim;
  const { reason, message, failure, limitText } = told ?? claim;
  const endsAt = limitText === undefined ? undefined : limitEndsAt(limitText, resets, told?.at ?? at);
  return {
    state,
    at,
    evidence,
    rule,
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
    ...(failure !== undefined && { failure }),
    ...(endsAt !== undefined && { limitEndsAt: endsAt }),
  };
}
