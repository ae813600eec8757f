/**
 * The decisions about an Alert: what its receivers are to be told, when, and what is made of how that went. Pure. What is
 * decided here is written before it is done, so that a controller that is killed at any moment neither loses nor repeats.
 */
import type { AlertOutcome, AlertRecord, AlertStep, Ledger, Sender } from '../../api/alerting.ts';
import type { AlertSpec, Event } from '../../api/generated/all.ts';
import type { Delivery } from '../../api/notification.ts';
import { compose } from './compose.ts';
import { dueOf } from './due.ts';
import { failingNotes } from './failing.ts';
import { ledgerOf, newRecord, takeEvent, withReceivers } from './intake.ts';
import { type LabelsOf, occurrenceOf } from './occurrence.ts';
import { policyOf } from './policy.ts';
import { settle, type Try } from './settle.ts';

/**
 * The record that an Alert goes on with at the start and when its spec has changed, which may be what was amiss. Of another
 * one of its name nothing is taken over.
 */
export function beginAlert(
  stored: AlertRecord | undefined,
  { uid, spec, now }: { readonly uid: string; readonly spec: AlertSpec; readonly now: number },
): AlertRecord {
  const record = stored?.uid === uid ? stored : newRecord(uid, now);
  const names = spec.receivers.map(({ name }) => name);
  return withReceivers(record, names, now);
}

export interface Hearing {
  readonly alert: string;
  readonly spec: AlertSpec;
  readonly labelsOf: LabelsOf;
  /** Nobody is told of what is none, and it is known from now on. Default: true. */
  readonly isNews?: boolean;
}

/** Takes an event. An Alert does not tell of itself: a receiver that fails would be told of its own failing. */
export function hearEvent(
  record: AlertRecord,
  event: Event,
  { alert, spec, labelsOf, isNews = true }: Hearing,
): AlertRecord {
  const { kind, name } = event.involvedObject;
  const isDeaf = !isNews || spec.suspend === true || (kind === 'Alert' && name === alert);
  const occurrence = isDeaf ? undefined : occurrenceOf(event, labelsOf);
  return takeEvent(record, { event, occurrence }, policyOf(spec));
}

export interface Turn {
  readonly spec: AlertSpec;
  readonly sender: Sender;
  readonly now: number;
  /** What waits for company is told at once. */
  readonly hurry: boolean;
}

export function nextStep(record: AlertRecord, { spec, sender, now, hurry }: Turn): AlertStep {
  if (spec.suspend === true) return { type: 'Nothing' };
  const policy = policyOf(spec);
  const ledger = ledgerOf(record, sender.receiver);
  const due = dueOf(ledger, policy, now, hurry);
  switch (due.type) {
    case 'Nothing':
    case 'Later':
      return due;
    case 'Try':
      return { type: 'Try', record, sending: due.sending };
    case 'Compose': {
      const composed = compose(ledger, due.group, { sender, policy, now, hurry });
      if (composed.sending === undefined) return { type: 'Nothing' };
      return { type: 'Try', record: withLedger(record, sender.receiver, composed), sending: composed.sending };
    }
  }
}

export function afterTry(
  record: AlertRecord,
  { receiver, delivery }: { readonly receiver: string; readonly delivery: Delivery },
  when: Try,
): AlertOutcome {
  const before = ledgerOf(record, receiver);
  const { ledger, notes } = failingNotes(receiver, { before, after: settle(before, delivery, when) });
  return { record: withLedger(record, receiver, ledger), dropped: ledger.dropped - before.dropped, notes };
}

function withLedger(record: AlertRecord, receiver: string, ledger: Ledger): AlertRecord {
  // One that the spec does not name any more has nothing to be remembered for.
  if (!Object.hasOwn(record.receivers, receiver)) return record;
  return { ...record, receivers: { ...record.receivers, [receiver]: ledger } };
}
