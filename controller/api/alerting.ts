/** What an Alert remembers and is asked. Plain data; times are milliseconds since the epoch unless they are named otherwise. */
import type { AlertSpec } from './generated/all.ts';
import type { Notification, NotificationItem } from './notification.ts';
import type { Reason } from './reasons.ts';
import type { Severity } from './severity.ts';

/** An event, with what filters ask of it. */
export interface Occurrence {
  readonly kind: string;
  readonly name: string;
  readonly project?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly severity: Severity;
  readonly message: string;
  readonly at: number;
}

/** An Alert's spec with its defaults. */
export interface AlertPolicy {
  readonly on: NonNullable<AlertSpec['on']>;
  readonly except: NonNullable<AlertSpec['except']>;
  readonly by: NonNullable<NonNullable<AlertSpec['group']>['by']>;
  readonly waitMs: number;
  readonly intervalMs: number;
  readonly repeatMs: number;
  readonly limit: number;
  readonly limitMs: number;
}

/** One thing that happens to one object: told at once, counted when it comes again. */
export interface Entry {
  readonly item: Omit<NotificationItem, 'count' | 'at' | 'next'>;
  readonly group: string;
  /** How often since it was last told; 0: there is nothing to tell. */
  readonly count: number;
  /** When the first of those was. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** When it was last put into a notification. */
  readonly toldAt?: number;
  /** What comes again sooner than this after `toldAt` has to wait for it. */
  readonly pauseMs: number;
}

/** A notification that is being sent, or tried again. */
export interface Sending {
  readonly notification: Notification;
  /** How many events it tells of. */
  readonly events: number;
  /** Tries that failed. */
  readonly tries: number;
  readonly nextTryAt: number;
}

export interface Failing {
  readonly since: number;
  readonly at: number;
  readonly message: string;
  readonly tries: number;
  /** A person was told of it by an event. */
  readonly isTold: boolean;
}

/** What is known of one receiver. Bounded, whatever happens. */
export interface Ledger {
  /** By kind, name and reason. */
  readonly entries: Readonly<Record<string, Entry>>;
  /** When a notification of the group was last put together. */
  readonly groups: Readonly<Record<string, number>>;
  /** What was too much to be kept one by one, by reason: told as numbers. */
  readonly overflow: Readonly<Record<string, number>>;
  /** When notifications were put together, as far as the limit needs it. */
  readonly sentAt: readonly number[];
  /** Number of the last notification. */
  readonly sequence: number;
  readonly sending?: Sending;
  readonly failing?: Failing;
  readonly delivered: number;
  readonly dropped: number;
  readonly lastDelivered?: number;
}

/** What an Alert keeps in state/alerts/NAME.json. */
export interface AlertRecord {
  /** The Alert's own: of another one of the same name it says nothing. */
  readonly uid: string;
  /** Events up to this time were taken. */
  readonly takenAt: number;
  /** Names of the events of exactly that time that were taken. */
  readonly takenNames: readonly string[];
  readonly receivers: Readonly<Record<string, Ledger>>;
}

/** What is due for a receiver. */
export type Due =
  | { readonly type: 'Nothing' }
  /** Nothing before this time. */
  | { readonly type: 'Later'; readonly at: number }
  /** The notification that is being sent is to be tried now. */
  | { readonly type: 'Try'; readonly sending: Sending }
  /** A new one is to be put together of this group. */
  | { readonly type: 'Compose'; readonly group: string };

/** Who puts together: what makes a notification's id its own. */
export interface Sender {
  readonly alert: string;
  readonly uid: string;
  readonly receiver: string;
}

export interface AlertNote {
  readonly type: 'Normal' | 'Warning';
  readonly reason: Reason;
  readonly message: string;
}

/** What is to be done for a receiver, with the record as it has to be written before that. */
export type AlertStep =
  | { readonly type: 'Nothing' }
  | { readonly type: 'Later'; readonly at: number }
  | { readonly type: 'Try'; readonly record: AlertRecord; readonly sending: Sending };

/** What has become of a try. */
export interface AlertOutcome {
  readonly record: AlertRecord;
  /** Events that the receiver will never be told of. */
  readonly dropped: number;
  /** What is worth an event of the Alert. */
  readonly notes: readonly AlertNote[];
}
