import { existsSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { askGit } from '../../exec/ask-git.ts';
import { runGit } from '../../exec/git.ts';
import { makeWritable } from './make-writable.ts';

/** Files may come over the network as they are checked out (git-lfs). Milliseconds. */
const CHECKOUT_MS = 15 * 60_000;
const SHORT_MS = 60_000;

/** A work tree of our own, for the time of one piece of work. */
export interface OwnTree {
  readonly repository: string;
  /** Absolute. */
  readonly path: string;
  /** Why it is locked: it tells whose it is, from its first moment to its last. */
  readonly mark: string;
}

/**
 * Makes it, with no branch checked out. The folder must not be there yet, or be empty.
 *
 * @throws MuxletError MUX_COMMAND_FAILED
 */
export async function openTree({ repository, path, mark }: OwnTree, commit: string): Promise<void> {
  const args = ['worktree', 'add', '--quiet', '--detach', '--lock', '--reason', mark, '--end-of-options', path, commit];
  const add = () => askGit(repository, args, { timeoutMs: CHECKOUT_MS, mayWrite: true });
  try {
    await add();
  } catch (error) {
    if (existsSync(path)) throw error;
    // The last tree of another project went in this moment, and the folder of all of them with it.
    await add();
  }
}

/**
 * Takes it away, with whatever a half-done merge or a command left in it: only for one that was seen to be ours. Git
 * removes no work tree that is not clean, and cleaning it with git is no way out: where its .git is broken, git would
 * clean the repository around it. So the folder goes first, and git forgets a work tree that is not there any more. It
 * is locked up to then: whenever this is broken off, it is still seen whose it is, or there is nothing to lose.
 *
 * Throws the error of a file that cannot be removed.
 */
export async function removeTree({ repository, path }: Omit<OwnTree, 'mark'>): Promise<void> {
  await removeFolder(path);
  const options = { timeoutMs: SHORT_MS, mayWrite: true } as const;
  await runGit(repository, ['worktree', 'unlock', '--', path], options);
  // A command may have had git forget it. What git does not forget now, it names when the next one is made there.
  await runGit(repository, ['worktree', 'remove', '--', path], options);
  // It may be the last of the project's, and the project the last one there.
  for (const folder of [dirname(path), dirname(dirname(path))]) await rmdir(folder).catch(() => undefined);
}

async function removeFolder(path: string): Promise<void> {
  const all = { recursive: true, force: true, maxRetries: 3 } as const;
  try {
    await rm(path, all);
  } catch {
    // Caches of packages are made so that nobody writes to them.
    await makeWritable(path);
    await rm(path, all);
  }
}
