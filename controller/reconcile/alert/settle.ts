import type { Failing, Ledger } from '../../api/alerting.ts';
import type { Delivery } from '../../api/notification.ts';

/** After the first try that failed; then twice as long each time. Milliseconds. */
const RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 10 * 60_000;
/** A receiver that fails for so long is told of by an event, once. Milliseconds. */
export const LONG_MS = 5 * 60_000;
/** However long the other side wishes to be left alone. */
export const LONGEST_PAUSE_MS = 24 * 60 * 60_000;
/** The part of a pause that chance takes off at most: receivers that failed together do not come back together. */
const JITTER = 0.3;
const MAX_MESSAGE = 500;

export interface Try {
  readonly now: number;
  /** From 0 to 1. */
  readonly chance: number;
}

/** What has become of a try. */
export function settle(ledger: Ledger, delivery: Delivery, { now, chance }: Try): Ledger {
  const { sending, failing, ...rest } = ledger;
  if (sending === undefined) return ledger;
  if (delivery.type === 'Delivered') return { ...rest, delivered: rest.delivered + 1, lastDelivered: now };
  const failed = failingOf(failing, delivery.message, now);
  if (delivery.permanent) return { ...rest, failing: failed, dropped: rest.dropped + sending.events };
  const tries = sending.tries + 1;
  const planned = pauseMs(tries, chance);
  // One try falls on the moment in which people are to hear that it fails; else that would come with the next one.
  const untilLong = failed.since + LONG_MS - now;
  const pause = untilLong > 0 ? Math.min(planned, untilLong) : planned;
  const asked = Math.min(delivery.retryAfterMs ?? 0, LONGEST_PAUSE_MS);
  const nextTryAt = now + Math.max(pause, asked);
  return { ...rest, failing: failed, sending: { ...sending, tries, nextTryAt } };
}

function failingOf(before: Failing | undefined, message: string, now: number): Failing {
  return {
    // A time that lies ahead is of a clock that was set back.
    since: Math.min(before?.since ?? now, now),
    at: now,
    message: message.slice(0, MAX_MESSAGE),
    tries: (before?.tries ?? 0) + 1,
    isTold: before?.isTold ?? false,
  };
}

function pauseMs(tries: number, chance: number): number {
  return Math.round(Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** (tries - 1)) * (1 - JITTER * chance));
}
