/**
 * The decision about a Queue: who has its slots, who gives one back, who gets one, and why all others wait. Pure. The
 * worker that writes what is decided here is the only one that gives slots; projects ask it, and are never told by
 * anything but its record.
 */
import type { EventNote } from '../../api/decision.ts';
import type { Condition, QueueStatus, Slot } from '../../api/generated/all.ts';
import type { Ground, QueueDecision, QueueInput } from '../../api/queueing.ts';
import { type Admissions, admit } from './admit.ts';
import { batchEvents } from './batch.ts';
import { type BreakerPlan, planBreaker } from './breaker.ts';
import { LOOK_AGAIN_MS } from './machine.ts';
import { lineOf } from './order.ts';
import { reviewSlots } from './slots.ts';

export function decideQueue(input: QueueInput): QueueDecision {
  const { spec, previous, entries, now } = input;
  const slots = reviewSlots(input);
  const breaker = planBreaker({
    spec: spec.circuitBreaker,
    previous: previous?.breaker,
    entries,
    slots: previous?.admitted ?? [],
    freed: slots.freed,
    now,
  });
  // Where another is to be the trial, none of those that have a slot is any more.
  const kept = breaker.isTrial ? slots.kept.map(asNoTrial) : slots.kept;
  const line = lineOf(entries, new Set(kept.map(({ uid }) => uid)));
  const admissions = admit({ input, line, slots: kept, breaker });
  const status = statusOf(input, { kept, breaker, admissions });
  return {
    status,
    events: [
      ...slots.takenIn.map(takenIn),
      ...breaker.events,
      ...trialEvents(breaker, admissions),
      ...batchEvents(input, status),
    ],
    admitted: admissions.admitted,
    line: admissions.line,
    againMs: againMs(breaker, admissions),
    awaited: admissions.awaited,
  };
}

/** Nobody is waited for without end. */
const AWAITED_MS = 1000;

function asNoTrial({ trial: _trial, ...slot }: Slot): Slot {
  return slot;
}

interface Outcome {
  readonly kept: readonly Slot[];
  readonly breaker: BreakerPlan;
  readonly admissions: Admissions;
}

function statusOf(input: QueueInput, { kept, breaker, admissions }: Outcome): QueueStatus {
  const admitted = [...kept, ...admissions.admitted];
  const { head, passedSince, line } = admissions;
  return {
    observedGeneration: input.generation,
    conditions: [activeCondition(input, admissions.stop)],
    running: admitted.length,
    waiting: line.length,
    admitted,
    ...(breaker.status !== undefined && { breaker: breaker.status }),
    ...(head !== undefined && { head }),
    ...(passedSince !== undefined && { passedSince }),
  };
}

/** That all slots are taken is no standstill. */
function activeCondition({ previous, generation, now }: QueueInput, stop: Ground | undefined): Condition {
  const { reason, message } = stop ?? { reason: 'Admitting', message: '' };
  const unsure = reason === 'NotLooked' || reason === 'MachineUnknown';
  const status = reason === 'Admitting' || reason === 'SlotsTaken' ? 'True' : unsure ? 'Unknown' : 'False';
  const before = previous?.conditions.find(({ type }) => type === 'Active');
  const since = before?.status === status ? before.lastTransitionTime : new Date(now).toISOString();
  return { type: 'Active', status, reason, message, lastTransitionTime: since, observedGeneration: generation };
}

function takenIn({ project }: Slot): EventNote {
  return { type: 'Normal', reason: 'TakenIn', message: `${project} runs already: it has a slot now` };
}

function trialEvents({ isTrial }: BreakerPlan, { admitted }: Admissions): EventNote[] {
  const [trial] = admitted;
  if (!isTrial || trial === undefined) return [];
  const message = `${trial.project} is let through as a trial; nothing else is admitted until its end`;
  return [{ type: 'Normal', reason: 'BreakerHalfOpen', message }];
}

/** Only time moves these on: everything else tells of itself. */
function againMs({ againMs: breaker }: BreakerPlan, { stop, line, awaited }: Admissions): number | undefined {
  const isMachine = stop?.reason === 'MachineBusy' || stop?.reason === 'MachineUnknown';
  const machine = isMachine && line.length > 0 ? LOOK_AGAIN_MS : undefined;
  const times = [breaker, machine, awaited === undefined ? undefined : AWAITED_MS].filter((ms) => ms !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}
