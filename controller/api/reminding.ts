import type { DesiredAgent, DesiredProject } from './desired.ts';
import type { GitStatus } from './generated/all.ts';

/** Beside the time that the spec gives: a sixth of it, and at most so much, in milliseconds. */
const MOST_GRACE_MS = 300_000;

/**
 * When the agent of a work tree is to be reminded of what lies there uncommitted, in milliseconds since the epoch;
 * undefined: not, since nothing does, it has been, or nobody wants it.
 *
 * @param remindAfterMs see `DesiredWorkspace`
 */
export function reminderDueAt(git: Pick<GitStatus, 'dirtySince' | 'remindedAt'>, remindAfterMs: number) {
  if (git.dirtySince === undefined || git.remindedAt !== undefined || remindAfterMs <= 0) return undefined;
  return Date.parse(git.dirtySince) + remindAfterMs + Math.min(MOST_GRACE_MS, remindAfterMs / 6);
}

/** In a directory that is none of ours somebody else's work may lie as well: only where the spec asks for it. */
export function remindAfterOf({ workspace, remindAfterMs = 0 }: DesiredProject, { workTree }: DesiredAgent): number {
  return workTree === undefined ? remindAfterMs : (workspace?.remindAfterMs ?? remindAfterMs);
}
