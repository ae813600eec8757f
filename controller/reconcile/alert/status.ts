import type { AlertRecord, Due, Failing, Ledger } from '../../api/alerting.ts';
import type { AlertSpec, AlertStatus, Condition, ReceiverStatus } from '../../api/generated/all.ts';
import type { Reason } from '../../api/reasons.ts';
import { dueOf } from './due.ts';
import { ledgerOf } from './intake.ts';
import { waitingOf } from './ledger.ts';
import { policyOf } from './policy.ts';

export interface StatusInput {
  readonly spec: AlertSpec;
  readonly generation: number;
  readonly record: AlertRecord;
  readonly previous: AlertStatus | undefined;
  readonly now: number;
}

/** How it stands with an Alert, from what it remembers. */
export function statusOf({ spec, generation, record, previous, now }: StatusInput): AlertStatus {
  const policy = policyOf(spec);
  const receivers = spec.receivers.map(({ name }) => {
    const ledger = ledgerOf(record, name);
    return receiverStatus(name, ledger, spec.suspend === true ? { type: 'Nothing' } : dueOf(ledger, policy, now));
  });
  const fact = readyFact(spec, receivers);
  const before = previous?.conditions.find(({ type }) => type === 'Ready');
  const since = before?.status === fact.status ? before.lastTransitionTime : iso(now);
  const ready: Condition = { type: 'Ready', ...fact, lastTransitionTime: since, observedGeneration: generation };
  return { observedGeneration: generation, conditions: [ready], receivers };
}

function receiverStatus(name: string, ledger: Ledger, due: Due): ReceiverStatus {
  const { delivered, dropped, lastDelivered, failing } = ledger;
  return {
    name,
    waiting: waitingOf(ledger),
    delivered,
    dropped,
    ...(lastDelivered !== undefined && { lastDelivered: iso(lastDelivered) }),
    ...(failing !== undefined && { lastFailure: failureOf(failing) }),
    ...(due.type === 'Later' && { nextTryAt: iso(due.at) }),
  };
}

function failureOf({ at, since, message, tries }: Failing): NonNullable<ReceiverStatus['lastFailure']> {
  return { time: iso(at), message, tries, since: iso(since) };
}

function readyFact(spec: AlertSpec, receivers: readonly ReceiverStatus[]) {
  const failing = receivers.filter(({ lastFailure }) => lastFailure !== undefined);
  if (spec.suspend === true) return fact('False', 'Suspended', 'nobody is told anything');
  if (failing.length === 0) return fact('True', 'Ready', '');
  const message = failing.map(({ name, lastFailure }) => `${name}: ${lastFailure?.message ?? ''}`).join('; ');
  return fact('False', 'ReceiverFailed', message);
}

function fact(status: Condition['status'], reason: Reason, message: string) {
  return { status, reason, message };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
