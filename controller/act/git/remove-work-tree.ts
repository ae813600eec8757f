import { rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { GitStep } from '../../api/git-verb.ts';
import { makeWritable } from './make-writable.ts';
import { leftIn, writeGit } from './run.ts';

const LONG_MS = 600_000;

export interface RemoveRequest {
  readonly path: string;
  /** It is locked, and by us. */
  readonly isLocked: boolean;
}

/** Lets a work tree be moved and removed again. */
export function unlockWorkTree(repository: string, path: string): Promise<GitStep> {
  return writeGit(repository, ['worktree', 'unlock', path]);
}

/**
 * Has git remove a work tree, or its record of one whose folder is gone. Never forced: git refuses where something
 * uncommitted is left.
 */
export async function removeWorkTree(repository: string, { path, isLocked }: RemoveRequest): Promise<GitStep> {
  if (isLocked) {
    const unlocked = await unlockWorkTree(repository, path);
    if (!unlocked.ok) return unlocked;
  }
  // Git forgets a work tree of which it could not remove all, and leaves the rest to nobody.
  await makeWritable(path).catch(() => undefined);
  const removed = await writeGit(repository, ['worktree', 'remove', path], {
    timeoutMs: LONG_MS,
    env: leftIn(path),
  });
  if (!removed.ok) return removed;
  // The project's folder goes with the last of its work trees, and the one above with the last project; never with more.
  for (const folder of [dirname(path), dirname(dirname(path))]) await rmdir(folder).catch(() => undefined);
  return removed;
}

/** Deletes a reference if it still is what it was seen to be. */
export function deleteRef(repository: string, ref: string, commit: string): Promise<GitStep> {
  return writeGit(repository, ['update-ref', '-d', ref, commit]);
}
