import type { AlertReceiver } from './generated/all.ts';
import type { Severity } from './severity.ts';

/** One thing that happened, maybe several times since it was last told. */
export interface NotificationItem {
  /** Of the object that it happened to; an agent is `Agent` with the name `PROJECT.AGENT`. */
  readonly kind: string;
  readonly name: string;
  /** The project that it belongs to, where it is one or belongs to one. */
  readonly project?: string;
  readonly reason: string;
  readonly severity: Severity;
  /** As the event says it: the latest, where it happened several times. */
  readonly message: string;
  /** When it last happened. ISO 8601, UTC, milliseconds. */
  readonly at: string;
  /** How often it happened since it was last told; at least 1. */
  readonly count: number;
  /** Of the object and its project. */
  readonly labels: Readonly<Record<string, string>>;
  /** A command line to look closer or to act. */
  readonly next?: string;
}

/** What one receiver is told at once: plain data, the same at every try. */
export interface Notification {
  /** The same over retries and restarts: what makes out a second arrival of the same. Letters, digits and '-'. */
  readonly id: string;
  /** The Alert's name. */
  readonly alert: string;
  /** The highest of the items. */
  readonly severity: Severity;
  /** One line, at most 200 characters. */
  readonly title: string;
  /** Plain text, lines of any length, ended by a line break; says what the items say, and what is left out. */
  readonly text: string;
  /** The gravest first; at most 20. */
  readonly items: readonly NotificationItem[];
  /** Further items that are not among them, only counted. */
  readonly more: number;
  /** When it was put together. ISO 8601, UTC, milliseconds. */
  readonly at: string;
}

/** What became of one try. */
export type Delivery =
  | {
      readonly type: 'Delivered';
      /** Some of several addresses did not take it, which trying again would not mend. Holds no secret. */
      readonly note?: string;
    }
  | {
      readonly type: 'Failed';
      /** What was said, for a person; holds no secret. */
      readonly message: string;
      /** There is no use in trying the same again: it was refused for good, or the receiver's spec is wrong. */
      readonly permanent: boolean;
      /** The other side asked to be left alone for so long. */
      readonly retryAfterMs?: number;
    };

/** A receiver, and where the relative paths of its spec start from. */
export interface Addressee {
  readonly receiver: AlertReceiver;
  /** Absolute. */
  readonly folder: string;
}

/** Tells one receiver, one way or another. */
export interface Notifier {
  /**
   * Tries once, within the receiver's `timeout` (default 30 s). Settles with what became of it, and never rejects for
   * what the other side, the network or a secret's file did. When the signal is aborted it settles soon, as failed.
   */
  deliver(to: Addressee, notification: Notification, signal: AbortSignal): Promise<Delivery>;
}
