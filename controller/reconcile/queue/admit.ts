import type { QueueStatus, Slot } from '../../api/generated/all.ts';
import { intervalMs } from '../../api/interval.ts';
import type { Ground, QueueEntry, QueueInput, Rank, Waiting } from '../../api/queueing.ts';
import type { BreakerPlan } from './breaker.ts';
import { createRoom, neverFits } from './limits.ts';
import { machineLacks } from './machine.ts';
import { comparePlaces, firstOf } from './order.ts';
import { slotAt } from './slots.ts';

export interface Admissions {
  readonly admitted: readonly Slot[];
  readonly line: readonly Waiting[];
  readonly head: string | undefined;
  readonly passedSince: string | undefined;
  /** Why nobody at all is admitted, if that is so. */
  readonly stop: Ground | undefined;
  /** Who keeps others waiting because nobody has looked at it yet. */
  readonly awaited: string | undefined;
}

interface Question {
  readonly input: QueueInput;
  readonly line: readonly QueueEntry[];
  /** Slots that are taken. */
  readonly slots: readonly Slot[];
  readonly breaker: BreakerPlan;
}

/** Goes down the line once, and gives a slot to each that may have one. */
export function admit({ input, line, slots, breaker }: Question): Admissions {
  const { spec, now } = input;
  const owners = new Set(slots.map(({ uid }) => uid));
  const room = createRoom(
    spec,
    slots.length,
    input.entries.filter(({ uid }) => owners.has(uid)),
  );
  const taken = [...slots];
  const admitted: Slot[] = [];
  const waiting: Waiting[] = [];
  let stop = standstill(input, breaker) ?? machineStop();
  let head: QueueEntry | undefined;
  let behind: Ground | undefined;
  let passed = false;
  const next = firstOf(input.expected);
  let awaited: string | undefined;

  function tooEarly(entry: QueueEntry): Ground | undefined {
    if (next === undefined || comparePlaces(entry, next) < 0) return undefined;
    awaited = next.project;
    return earlyFor(next);
  }

  function machineStop(): Ground | undefined {
    return machineLacks({ limits: spec.machine, machine: input.machine, slots: taken, now });
  }

  function give(entry: QueueEntry): void {
    const slot = slotAt(now)(entry);
    const given = breaker.isTrial ? { ...slot, trial: true } : slot;
    admitted.push(given);
    taken.push(given);
    room.take(entry);
    passed ||= head !== undefined;
    stop = breaker.isTrial ? trialStop(entry) : machineStop();
  }

  for (const entry of line) {
    const own = ownGround(entry, input);
    const ground = own ?? stop ?? room.full() ?? behind ?? tooEarly(entry) ?? room.lacks(entry);
    if (ground === undefined) {
      give(entry);
      continue;
    }
    waiting.push({ project: entry.project, reason: ground.reason, message: ground.message });
    if (own !== undefined || head !== undefined) continue;
    head = entry;
    if (mustNotBePassed(entry, input)) behind = behindOf(entry);
  }
  return {
    admitted,
    line: waiting,
    head: head?.project,
    passedSince: passedSince(input, head, passed),
    stop: stop ?? room.full(),
    awaited,
  };
}

/** What keeps this one alone: others pass it as if it were not there. */
function ownGround(entry: QueueEntry, { spec }: QueueInput): Ground | undefined {
  if (entry.claim === 'Unknown') return { reason: 'NotLooked', message: 'it could not be looked at' };
  if (entry.hold) return { reason: 'Held', message: 'it is held (spec.hold)' };
  return entry.unmet ?? neverFits(spec, entry);
}

function standstill({ spec, notLooked }: QueueInput, breaker: BreakerPlan): Ground | undefined {
  if (notLooked > 0) {
    return {
      reason: 'NotLooked',
      message: `${notLooked} projects were not looked at yet since the controller's start`,
    };
  }
  if (spec.drain === true) return { reason: 'QueueDrains', message: 'the queue drains (spec.drain)' };
  if (spec.paused === true) return { reason: 'QueuePaused', message: 'the queue is paused (spec.paused)' };
  return breaker.stop;
}

function trialStop({ project }: QueueEntry): Ground {
  return { reason: 'BreakerOpen', message: `the circuit breaker tries ${project} first` };
}

function behindOf({ project }: QueueEntry): Ground {
  return { reason: 'NotFirst', message: `it waits behind ${project}, which does not fit yet` };
}

function earlyFor({ project }: Rank): Ground {
  return { reason: 'NotLooked', message: `${project}, which goes before it, was not looked at yet` };
}

/** The first in the line keeps its right: at once where the order is strict, and otherwise once it was passed for long. */
function mustNotBePassed({ project }: QueueEntry, { spec, previous, now }: QueueInput): boolean {
  if (spec.queueingStrategy === 'StrictFIFO') return true;
  const since = previous?.head === project ? previous.passedSince : undefined;
  return since !== undefined && now - Date.parse(since) >= intervalMs(spec.starvationLimit ?? '1h');
}

function passedSince(
  { previous, now }: QueueInput,
  head: QueueEntry | undefined,
  passed: boolean,
): QueueStatus['passedSince'] {
  if (head === undefined) return undefined;
  const before = previous?.head === head.project ? previous.passedSince : undefined;
  // What lies ahead was written before the clock was set back.
  if (before !== undefined && Date.parse(before) <= now) return before;
  return passed || before !== undefined ? new Date(now).toISOString() : undefined;
}
