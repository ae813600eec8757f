import type { DesiredCourse, RetryCause } from '../../../api/desired.ts';
import type { Attempt, RunStatus } from '../../../api/generated/all.ts';
import { hashOf } from '../../../api/metadata.ts';

/** Attempts on record. */
const KEPT = 20;
/** A pause is up to so much longer or shorter, by chance. */
const JITTER = 0.2;

export function mayRetry({ attempt }: RunStatus, reason: RetryCause, { retry }: DesiredCourse): boolean {
  return attempt <= retry.limit && retry.on.includes(reason);
}

/** The pause after an attempt, in milliseconds: the chance in it is the same whoever asks, and however often. */
export function pauseMs(uid: string, { attempt }: RunStatus, { retry }: DesiredCourse): number {
  const plain = Math.min(retry.maxMs, retry.initialMs * 2 ** Math.min(attempt - 1, 40));
  const chance = Number.parseInt(hashOf({ uid, attempt }).slice(0, 8), 16) / 0xffff_ffff;
  return Math.round(plain * (1 + JITTER * (2 * chance - 1)));
}

/** Milliseconds until the next attempt begins. */
export function pauseLeftMs({ nextAttemptAt }: RunStatus, now: number): number {
  return nextAttemptAt === undefined ? 0 : Math.max(0, Date.parse(nextAttemptAt) - now);
}

export function withAttempt(attempts: readonly Attempt[], ended: Attempt): readonly Attempt[] {
  return [...attempts, ended].slice(-KEPT);
}
