/** What a restart has to get right: each event is taken once, whenever the controller is killed. */
import type { AlertPolicy, AlertRecord, Ledger, Occurrence } from '../../api/alerting.ts';
import type { Event } from '../../api/generated/all.ts';
import { EMPTY_LEDGER, take } from './ledger.ts';
import { isWanted } from './matches.ts';

/** An Alert that has just come to be: what was before does not concern it. */
export function newRecord(uid: string, now: number): AlertRecord {
  return { uid, takenAt: now, takenNames: [], receivers: {} };
}

/** Receivers that the spec names, and no others; what could not be delivered is tried again now. */
export function withReceivers(record: AlertRecord, names: readonly string[], now: number): AlertRecord {
  const receivers: Record<string, Ledger> = {};
  for (const name of names) {
    const ledger = Object.hasOwn(record.receivers, name) ? ledgerOf(record, name) : newLedger(now);
    const { sending } = ledger;
    receivers[name] = sending === undefined ? ledger : { ...ledger, sending: { ...sending, nextTryAt: now } };
  }
  return { ...record, receivers };
}

/**
 * Of a receiver that nothing is remembered of. Its notifications are numbered from the second it begins at: were it from
 * 1, those of one that was taken out and put back, or whose memory was lost, would bear ids that have arrived long ago, and
 * who leaves out what comes twice would leave them out.
 */
function newLedger(now: number): Ledger {
  return { ...EMPTY_LEDGER, sequence: Math.floor(now / 1000) };
}

export function ledgerOf({ receivers }: AlertRecord, name: string): Ledger {
  return (Object.hasOwn(receivers, name) ? receivers[name] : undefined) ?? EMPTY_LEDGER;
}

/** Takes an event that happens now. */
export function takeEvent(
  record: AlertRecord,
  { event, occurrence }: { readonly event: Event; readonly occurrence: Occurrence | undefined },
  policy: AlertPolicy,
): AlertRecord {
  const advanced = advance(record, event);
  if (occurrence === undefined || !isWanted(occurrence, policy)) return advanced;
  const receivers = Object.entries(record.receivers).map(
    ([name, ledger]) => [name, take(ledger, occurrence, policy)] as const,
  );
  return { ...advanced, receivers: Object.fromEntries(receivers) };
}

/**
 * Of the events on record, those that happened after the record was last written: the controller was killed in between.
 * What bears a time that is still to come was written by a clock that was wrong, and is nobody's news.
 */
export function missedEvents(record: AlertRecord, events: readonly Event[], now: number): readonly Event[] {
  const since = Math.min(record.takenAt, now);
  return events
    .filter(({ metadata: { name }, lastTimestamp }) => {
      const at = Date.parse(lastTimestamp);
      return at <= now && (at > since || (at === record.takenAt && !record.takenNames.includes(name)));
    })
    .sort((a, b) => Date.parse(a.lastTimestamp) - Date.parse(b.lastTimestamp));
}

function advance(record: AlertRecord, { metadata: { name }, lastTimestamp }: Event): AlertRecord {
  const at = Date.parse(lastTimestamp);
  if (at > record.takenAt) return { ...record, takenAt: at, takenNames: [name] };
  if (at < record.takenAt || record.takenNames.includes(name)) return record;
  return { ...record, takenNames: [...record.takenNames, name] };
}
