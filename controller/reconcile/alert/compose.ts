import type { AlertPolicy, Entry, Ledger, Sender, Sending } from '../../api/alerting.ts';
import type { Notification, NotificationItem } from '../../api/notification.ts';
import { graver, SEVERITIES } from '../../api/severity.ts';
import { entryDue } from './due.ts';
import { nextCommand } from './next-command.ts';
import { isSummary, textOf, titleOf } from './words.ts';

/** Items that are told one by one; of further ones only how many. */
const MAX_ITEMS = 20;

export interface Occasion {
  readonly sender: Sender;
  readonly policy: AlertPolicy;
  readonly now: number;
  /** As for `dueOf`. */
  readonly hurry?: boolean;
}

/**
 * Puts together what waits in a group: a ledger in which it is being sent. What is new is told with what is due although
 * its own wait is not over; what keeps coming back is told when its pause is.
 */
export function compose(ledger: Ledger, group: string, { sender, policy, now, hurry = false }: Occasion): Ledger {
  const chosen = Object.entries(ledger.entries).filter(([, entry]) => {
    if (entry.group !== group || entry.count === 0) return false;
    return entry.toldAt === undefined || entryDue(entry, policy, { now, hurry }) <= now;
  });
  const items = chosen.map(([, entry]) => itemOf(entry)).sort(byGravity);
  const sequence = ledger.sequence + 1;
  const sending = sendingOf({ items, overflow: ledger.overflow }, { sender, sequence, now });
  const told = Object.fromEntries(chosen.map(([key, entry]) => [key, asTold(entry, policy, now)]));
  return {
    ...ledger,
    entries: forgetOld({ ...ledger.entries, ...told }, policy, now),
    groups: recent({ ...ledger.groups, [group]: now }, now - policy.intervalMs),
    overflow: {},
    sentAt: [...ledger.sentAt, now].slice(-policy.limit),
    sequence,
    sending,
  };
}

interface Content {
  readonly items: readonly NotificationItem[];
  readonly overflow: Readonly<Record<string, number>>;
}

function sendingOf(
  { items, overflow }: Content,
  { sender, sequence, now }: { readonly sender: Sender; readonly sequence: number; readonly now: number },
): Sending {
  const events = [...items.map(({ count }) => count), ...Object.values(overflow)].reduce(
    (sum, count) => sum + count,
    0,
  );
  const notification: Notification = {
    id: `${sender.uid.slice(0, 8)}-${sender.receiver}-${sequence}`,
    alert: sender.alert,
    severity: items.reduce<Notification['severity']>((worst, { severity }) => graver(worst, severity), 'info'),
    title: titleOf(items, overflow),
    text: textOf(items, overflow, MAX_ITEMS),
    items: items.slice(0, MAX_ITEMS),
    more: Math.max(0, items.length - MAX_ITEMS) + Object.values(overflow).reduce((sum, count) => sum + count, 0),
    at: new Date(now).toISOString(),
  };
  return { notification, events, tries: 0, nextTryAt: now };
}

function itemOf({ item, count, lastAt }: Entry): NotificationItem {
  const next = nextCommand(item);
  return { ...item, at: new Date(lastAt).toISOString(), count, ...(next !== undefined && { next }) };
}

/** What sums up the others goes before them all, whatever is counted only. */
function byGravity(a: NotificationItem, b: NotificationItem): number {
  const sums = Number(isSummary(b)) - Number(isSummary(a));
  if (sums !== 0) return sums;
  const gravity = SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity);
  return gravity !== 0 ? gravity : Date.parse(a.at) - Date.parse(b.at);
}

/** What came back before its pause was over has to wait for twice as long the next time. */
function asTold(entry: Entry, { intervalMs, repeatMs }: AlertPolicy, now: number): Entry {
  const { toldAt, firstAt, pauseMs } = entry;
  const isBackSoon = toldAt !== undefined && firstAt - toldAt < pauseMs;
  const longest = Math.max(intervalMs, repeatMs);
  return { ...entry, count: 0, toldAt: now, pauseMs: isBackSoon ? Math.min(longest, pauseMs * 2) : intervalMs };
}

function forgetOld(entries: Ledger['entries'], { repeatMs }: AlertPolicy, now: number): Ledger['entries'] {
  return Object.fromEntries(
    Object.entries(entries).filter(([, { count, lastAt, toldAt }]) => {
      return count > 0 || now - Math.max(lastAt, toldAt ?? 0) < repeatMs;
    }),
  );
}

function recent(groups: Ledger['groups'], since: number): Ledger['groups'] {
  return Object.fromEntries(Object.entries(groups).filter(([, at]) => at > since));
}
