import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { GitStep } from '../../api/git-verb.ts';
import { type LockMark, lockReason } from '../../api/work-tree-mark.ts';
import { fileStep, writeGit } from './run.ts';

export interface AddRequest {
  readonly path: string;
  /** Exists, and is checked out nowhere. */
  readonly branch: string;
  readonly mark: LockMark;
}

/**
 * Adds a work tree without files, locked with our name from its first moment: so it is known for ours however this ends,
 * and neither git nor a person takes it away by mistake. Git refuses a path that is taken, and a branch that is checked
 * out elsewhere.
 */
export async function addWorkTree(repository: string, { path, branch, mark }: AddRequest): Promise<GitStep> {
  const folder = await fileStep('WorkTreeFailed', async () => {
    await mkdir(dirname(path), { recursive: true });
  });
  if (!folder.ok) return folder;
  const args = ['worktree', 'add', '--no-checkout', '--no-guess-remote', '--lock', '--reason', lockReason(mark)];
  return writeGit(repository, [...args, path, branch]);
}
