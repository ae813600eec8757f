import type { EventNote } from '../../api/decision.ts';
import type { BreakerFailure, BreakerStatus, CircuitBreaker, Slot } from '../../api/generated/all.ts';
import { intervalMs } from '../../api/interval.ts';
import type { Ground, QueueEntry } from '../../api/queueing.ts';

/** The breaker, after what has happened, before anybody is admitted. */
export interface BreakerPlan {
  /** Absent if the queue has none. */
  readonly status: BreakerStatus | undefined;
  /** Why nobody is admitted. */
  readonly stop: Ground | undefined;
  /** The next one that is admitted is the trial, and nobody after it. */
  readonly isTrial: boolean;
  readonly events: readonly EventNote[];
  readonly againMs: number | undefined;
}

interface BreakerFacts {
  readonly spec: CircuitBreaker | undefined;
  readonly previous: BreakerStatus | undefined;
  readonly entries: readonly QueueEntry[];
  /** Slots as they stood before this decision, and those of them that go back. */
  readonly slots: readonly Slot[];
  readonly freed: readonly Slot[];
  readonly now: number;
}

const MOST_FAILURES = 100;

export function planBreaker(facts: BreakerFacts): BreakerPlan {
  const { spec, previous, now } = facts;
  if (spec === undefined) {
    return { status: undefined, stop: undefined, isTrial: false, events: [], againMs: undefined };
  }
  const failures = failuresOf(facts, spec);
  const before: BreakerStatus = { state: 'Closed', ...previous, failures };
  switch (before.state) {
    case 'Closed':
      return failures.length >= (spec.failures ?? 5) ? opened(before, facts) : closed(before);
    case 'Open':
      return remainingMs(before, spec, now) > 0 ? open(before, facts) : halfOpen(before, facts);
    case 'HalfOpen':
      return halfOpen(before, facts);
  }
}

/** Those on record and those that the projects tell of, each once. */
function failuresOf({ previous, entries, now }: BreakerFacts, spec: CircuitBreaker): BreakerFailure[] {
  const windowMs = intervalMs(spec.window ?? '30m');
  const closedAt = previous?.closedAt === undefined ? Number.NEGATIVE_INFINITY : Date.parse(previous.closedAt);
  const failed = entries.filter(({ outcome }) => outcome.failures.length > 0);
  const told = failed.flatMap(({ project, outcome }) => outcome.failures.map((at) => ({ project, at })));
  const all = new Map([...(previous?.failures ?? []), ...told].map((one) => [`${one.project} ${one.at}`, one]));
  return [...all.values()]
    .filter(({ at }) => Math.abs(now - Date.parse(at)) < windowMs && Date.parse(at) > closedAt)
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .slice(-MOST_FAILURES);
}

function closed(status: BreakerStatus): BreakerPlan {
  const { openedAt: _openedAt, ...rest } = status;
  return { status: rest, stop: undefined, isTrial: false, events: [], againMs: undefined };
}

function opened(before: BreakerStatus, facts: BreakerFacts): BreakerPlan {
  const { spec, now } = facts;
  const status: BreakerStatus = { ...before, state: 'Open', openedAt: new Date(now).toISOString() };
  const last = before.failures.at(-1)?.project;
  const message = `${before.failures.length} attempts failed within ${spec?.window ?? '30m'}, the last one of ${last}: nothing is admitted for ${spec?.openFor ?? '15m'}`;
  return { ...open(status, facts), events: [{ type: 'Warning', reason: 'BreakerOpened', message }] };
}

function open(status: BreakerStatus, { spec, now }: BreakerFacts): BreakerPlan {
  const againMs = remainingMs(status, spec ?? {}, now);
  const until = new Date(now + againMs).toISOString();
  const message = `the circuit breaker is open until ${until}, after ${status.failures.length} failures`;
  return { status, stop: { reason: 'BreakerOpen', message }, isTrial: false, events: [], againMs };
}

/** One project is on trial, or the next one that fits will be. */
function halfOpen(before: BreakerStatus, facts: BreakerFacts): BreakerPlan {
  const status: BreakerStatus = { ...before, state: 'HalfOpen' };
  const trial = facts.slots.find((slot) => slot.trial === true);
  const next: BreakerPlan = { status, stop: undefined, isTrial: true, events: [], againMs: undefined };
  if (trial === undefined) return next;
  const entry = facts.entries.find(({ uid }) => uid === trial.uid);
  if (entry?.outcome.failures.some((at) => Date.parse(at) >= Date.parse(trial.since)) === true) {
    const reopened = opened(status, facts);
    const message = `the trial, ${trial.project}, failed: nothing is admitted for ${facts.spec?.openFor ?? '15m'}`;
    return { ...reopened, events: [{ type: 'Warning', reason: 'BreakerOpened', message }] };
  }
  if (entry?.outcome.result === 'Completed') {
    const now = new Date(facts.now).toISOString();
    const message = `the trial, ${trial.project}, succeeded: projects are admitted again`;
    return {
      ...closed({ state: 'Closed', failures: [], closedAt: now }),
      events: [{ type: 'Normal', reason: 'BreakerClosed', message }],
    };
  }
  // Suspended or removed, it says nothing; what is suspended may keep its slot.
  if (facts.freed.includes(trial) || entry?.outcome.suspended === true) return next;
  const stop: Ground = { reason: 'BreakerOpen', message: `the circuit breaker tries ${trial.project} first` };
  return { status, stop, isTrial: false, events: [], againMs: undefined };
}

/** What lies ahead was told before the clock was set back. */
function remainingMs({ openedAt }: BreakerStatus, { openFor }: CircuitBreaker, now: number): number {
  const forMs = intervalMs(openFor ?? '15m');
  const sinceMs = openedAt === undefined ? forMs : now - Date.parse(openedAt);
  return sinceMs < 0 ? 0 : Math.max(0, forMs - sinceMs);
}
