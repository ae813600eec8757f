import type { AgentReading } from '../../api/agent-reading.ts';
import type { AgentClassSpec, LimitStatus } from '../../api/generated/all.ts';

export interface LimitInput {
  readonly spec: AgentClassSpec;
  readonly previous: LimitStatus | undefined;
  /** Of the agents of the class that run. */
  readonly readings: readonly AgentReading[];
  readonly now: number;
}

export type LimitChange = 'Reached' | 'Over';

export interface LimitDecision {
  readonly limit: LimitStatus | undefined;
  readonly change?: LimitChange;
}

/** After the time that a program tells, the limit is not always over to the second, in seconds. */
const LATER_S = 120;
const MINUTE_MS = 60_000;
const LONGEST_MINUTES = 120;
/** The length of a cycle, for a fallback of 0. */
const CYCLE_MINUTES = 300;
const FALLBACK_MINUTES = 5;

/** Holds the account until the stated time and a little more, or as long as the fallback says where no time is stated. */
export function decideLimit(input: LimitInput): LimitDecision {
  const { previous, readings, now } = input;
  const endedAt = previous?.endedAt === undefined ? 0 : Date.parse(previous.endedAt);
  // An agent goes on showing the limit that has ended until it is told to go on.
  const limited = readings.filter(({ state, at }) => state === 'Limited' && at > endedAt);
  if (previous?.until === undefined) {
    if (limited.length === 0) return { limit: workedSince(input, endedAt) ? withoutWaits(previous) : previous };
    return { limit: reached(input, limited), change: 'Reached' };
  }
  const until = Math.max(Date.parse(previous.until), laterEnd(input, limited, previous));
  if (now < until) {
    const later = until > Date.parse(previous.until);
    return { limit: later ? { ...previous, until: iso(until) } : previous };
  }
  return { limit: { waits: previous.waits, endedAt: iso(now) }, change: 'Over' };
}

function reached({ spec, previous, now }: LimitInput, limited: readonly AgentReading[]): LimitStatus {
  const since = Math.min(now, ...limited.map(({ at }) => at));
  const before = previous?.waits ?? 0;
  const ended = previous?.endedAt === undefined ? {} : { endedAt: previous.endedAt };
  const stated = limited.flatMap((reading) => statedEnd(reading, spec));
  if (stated.length > 0) {
    return { since: iso(since), until: iso(Math.max(...stated)), waits: 0, ...ended };
  }
  const first = spec.limits?.fallbackMinutes ?? FALLBACK_MINUTES;
  const minutes = first === 0 ? CYCLE_MINUTES : Math.min(first * 2 ** Math.min(before, 20), longest(first));
  return { since: iso(since), until: iso(since + minutes * MINUTE_MS), waits: before + 1, ...ended };
}

/** Doubling ends at two hours; who asks for more than that at once gets it. */
function longest(first: number): number {
  return Math.max(first, LONGEST_MINUTES);
}

/** A time from before the limit was even shown is no time at which it ends; but programs tell the minute alone. */
function endOf({ limitEndsAt, at }: AgentReading): number | undefined {
  return limitEndsAt !== undefined && limitEndsAt + MINUTE_MS > at ? limitEndsAt : undefined;
}

function laterEnd({ spec }: LimitInput, limited: readonly AgentReading[], { since }: LimitStatus): number {
  const from = since === undefined ? 0 : Date.parse(since);
  return Math.max(0, ...limited.filter(({ at }) => at >= from).flatMap((reading) => statedEnd(reading, spec)));
}

function statedEnd(reading: AgentReading, { limits }: AgentClassSpec): number[] {
  const end = endOf(reading);
  return end === undefined ? [] : [end + (limits?.laterSeconds ?? LATER_S) * 1000];
}

/** Somebody of the account was given something after the limit and did it: the next wait is a first one again. */
function workedSince({ readings, previous }: LimitInput, endedAt: number): boolean {
  if ((previous?.waits ?? 0) === 0) return false;
  return readings.some(({ state, turns: { last, lastAt } }) => {
    return (state === 'Idle' || state === 'Busy') && last === 'Ends' && lastAt !== undefined && lastAt > endedAt;
  });
}

function withoutWaits(previous: LimitStatus | undefined): LimitStatus | undefined {
  return previous === undefined ? undefined : { ...previous, waits: 0 };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
