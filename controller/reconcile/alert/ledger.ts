import type { AlertPolicy, Entry, Ledger, Occurrence } from '../../api/alerting.ts';

export const EMPTY_LEDGER: Ledger = {
  entries: {},
  groups: {},
  overflow: {},
  sentAt: [],
  sequence: 0,
  delivered: 0,
  dropped: 0,
};

/** Things that are remembered one by one, of each receiver. */
export const MAX_ENTRIES = 200;
/** Characters of a message that are kept. */
const MAX_MESSAGE = 500;
const MAX_LABELS = 16;

/** Takes what happened to be told: a new thing, or one more of what is known. */
export function take(ledger: Ledger, occurrence: Occurrence, policy: AlertPolicy): Ledger {
  const key = keyOf(occurrence);
  const known = Object.hasOwn(ledger.entries, key) ? ledger.entries[key] : undefined;
  if (known !== undefined) {
    return { ...ledger, entries: { ...ledger.entries, [key]: counted(known, occurrence, policy.by) } };
  }
  const entries = withRoom(ledger.entries);
  if (entries === undefined) {
    const { reason } = occurrence;
    return { ...ledger, overflow: { ...ledger.overflow, [reason]: (ledger.overflow[reason] ?? 0) + 1 } };
  }
  return { ...ledger, entries: { ...entries, [key]: first(occurrence, policy) } };
}

function keyOf({ kind, name, reason }: Occurrence): string {
  return `${kind}/${name} ${reason}`;
}

function first(occurrence: Occurrence, policy: AlertPolicy): Entry {
  const { at } = occurrence;
  return {
    item: itemOf(occurrence),
    group: groupOf(occurrence, policy.by),
    count: 1,
    firstAt: at,
    lastAt: at,
    pauseMs: policy.intervalMs,
  };
}

/** What is told is the latest message. */
function counted(known: Entry, occurrence: Occurrence, by: AlertPolicy['by']): Entry {
  const { at } = occurrence;
  return {
    ...known,
    item: itemOf(occurrence),
    group: groupOf(occurrence, by),
    count: known.count + 1,
    firstAt: known.count === 0 ? at : known.firstAt,
    lastAt: Math.max(at, known.lastAt),
  };
}

function itemOf({ kind, name, project, labels, reason, severity, message }: Occurrence): Entry['item'] {
  const kept = Object.fromEntries(Object.entries(labels).slice(0, MAX_LABELS));
  const text = message.slice(0, MAX_MESSAGE);
  return { kind, name, ...(project !== undefined && { project }), reason, severity, message: text, labels: kept };
}

function groupOf({ kind, project, reason, severity }: Occurrence, by: AlertPolicy['by']): string {
  const values = { Kind: kind, Project: project ?? '', Reason: reason, Severity: severity };
  return by.map((each) => values[each]).join(' ');
}

/** What was told longest ago is forgotten for what is new; what is still to be told is not. */
function withRoom(entries: Ledger['entries']): Ledger['entries'] | undefined {
  const all = Object.entries(entries);
  if (all.length < MAX_ENTRIES) return entries;
  const told = all.filter(([, { count }]) => count === 0).sort(([, a], [, b]) => a.lastAt - b.lastAt);
  const [oldest] = told;
  if (oldest === undefined) return undefined;
  return Object.fromEntries(all.filter(([key]) => key !== oldest[0]));
}

/** How many events the receiver is to be told of yet. */
export function waitingOf({ entries, overflow, sending }: Ledger): number {
  const counts = [...Object.values(entries).map(({ count }) => count), ...Object.values(overflow)];
  return counts.reduce((sum, count) => sum + count, sending?.events ?? 0);
}
