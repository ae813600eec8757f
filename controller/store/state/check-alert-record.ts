import type { AlertRecord, Entry, Failing, Ledger, Sending } from '../../api/alerting.ts';
import type { Notification, NotificationItem } from '../../api/notification.ts';
import { type Severity } from '../../api/severity.ts';
import {
  amount,
  count,
  flag,
  instant,
  isRecord,
  listOf,
  mapOf,
  may,
  name,
  need,
  oneOf,
  or,
  ordinal,
  record,
  text,
  time,
} from './check.ts';
import type { Checked } from './check-object.ts';

const severity = oneOf<Severity>({ info: true, warning: true, critical: true });

const subject = {
  kind: need(name),
  name: need(name),
  project: may(name),
  reason: need(name),
  severity: or(severity, 'warning'),
  message: or(text, ''),
  labels: or(mapOf(text), {}),
} as const;

const notification = record<Notification>({
  id: need(name),
  alert: need(name),
  severity: or(severity, 'warning'),
  title: or(text, ''),
  text: or(text, ''),
  items: or(
    listOf(record<NotificationItem>({ ...subject, at: need(time), count: or(ordinal, 1), next: may(text) })),
    [],
  ),
  more: or(count, 0),
  at: need(time),
});

const ledger = record<Ledger>({
  entries: or(
    mapOf(
      record<Entry>({
        item: need(record<Entry['item']>(subject)),
        group: or(text, ''),
        count: or(count, 0),
        firstAt: need(instant),
        lastAt: need(instant),
        toldAt: may(instant),
        pauseMs: or(amount, 0),
      }),
    ),
    {},
  ),
  groups: or(mapOf(instant), {}),
  overflow: or(mapOf(count), {}),
  sentAt: or(listOf(instant), []),
  sequence: need(count),
  sending: may(
    record<Sending>({
      notification: need(notification),
      events: or(count, 1),
      tries: or(count, 0),
      nextTryAt: or(instant, 0),
    }),
  ),
  failing: may(
    record<Failing>({
      since: need(instant),
      at: need(instant),
      message: or(text, ''),
      tries: or(count, 1),
      isTold: or(flag, false),
    }),
  ),
  delivered: or(count, 0),
  dropped: or(count, 0),
  lastDelivered: may(instant),
});

const alertRecord = record<AlertRecord>({
  uid: need(name),
  takenAt: need(instant),
  takenNames: or(listOf(name), []),
  receivers: or(mapOf(ledger), {}),
});

/** Checks what state/alerts/NAME.json holds; what is malformed in it is forgotten, and costs nothing but that. */
export function checkAlertRecord(raw: unknown): Checked<AlertRecord> {
  if (!isRecord(raw)) return { type: 'Unusable', why: 'it holds no object' };
  const dropped: string[] = [];
  const value = alertRecord(raw, { path: '', dropped: (path) => dropped.push(path.slice(1)) }) as
    | AlertRecord
    | undefined;
  if (value === undefined) return { type: 'Unusable', why: 'it has no valid uid and time' };
  return { type: 'Usable', value, dropped };
}
