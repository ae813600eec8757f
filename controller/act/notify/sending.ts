import type { DesiredEnv } from '../../api/desired.ts';
import type { ReceiverSecret } from '../../api/generated/all.ts';
import type { Delivery, Notification } from '../../api/notification.ts';

/** One try at telling one receiver: what all ways of sending need. */
export interface Sending {
  readonly notification: Notification;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** The controller's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute; where the relative paths of the spec start from. */
  readonly folder: string;
  readonly platform: NodeJS.Platform;
  readonly now: () => number;
  /** A path of the spec, absolute. */
  readonly path: (path: string) => string;
  /**
   * Read for this try alone, and taken out of whatever is said of it.
   * @returns throws MuxletError MUX_SECRET_UNREADABLE
   */
  readonly secret: (name: string, source: ReceiverSecret) => Promise<string>;
  /** The same of variables; those that stand in the spec are no secrets. */
  readonly variables: (env: readonly DesiredEnv[]) => Promise<Readonly<Record<string, string>>>;
  /** Takes this as well out of whatever is said of the try. */
  readonly hide: (secret: string) => void;
  /** For what is cut before it is said: half a secret could not be told. */
  readonly redact: (text: string) => string;
}

/** It may go another time. */
export function failed(message: string, retryAfterMs?: number): Delivery {
  return { type: 'Failed', message, permanent: false, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** The same again will not go: it was refused, or the spec is wrong. */
export function refused(message: string): Delivery {
  return { type: 'Failed', message, permanent: true };
}

/** What a failed system call or connection says; of several addresses that were tried, the first. */
export function errorText(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return errorText(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return error.message || ('code' in error ? String(error.code) : error.name);
}
