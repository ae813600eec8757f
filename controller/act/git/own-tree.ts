import { rm } from 'node:fs/promises';
import { askGit } from '../../exec/ask-git.ts';
import { type GitOptions, runGit } from '../../exec/git.ts';

type Env = NonNullable<GitOptions['env']>;

/** Files may come over the network as they are checked out (git-lfs). Milliseconds. */
const CHECKOUT_MS = 15 * 60_000;

/** A work tree of our own, for the time of one piece of work. */
export interface OwnTree {
  readonly repository: string;
  /** Absolute. */
  readonly path: string;
  /** Into its lock: it tells whose it is, as long as it is there. */
  readonly mark: string;
  readonly env: Env;
}

/**
 * Makes it, with no branch checked out. The folder must not be there yet, or be empty.
 *
 * @throws MuxletError MUX_COMMAND_FAILED
 */
export async function openTree({ repository, path, mark, env }: OwnTree, commit: string): Promise<void> {
  const args = ['worktree', 'add', '--quiet', '--detach', '--lock', '--reason', mark, '--end-of-options', path, commit];
  await askGit(repository, args, { timeoutMs: CHECKOUT_MS, mayWrite: true, env });
}

/**
 * Takes it away, with whatever a half-done merge or a command left in it: only for one that was seen to be ours. Git
 * refuses what is not clean, so it is cleaned by git first; what git does not remove even then (a submodule that was set
 * up in it, a folder whose entry is broken) loses its folder, and then its entry.
 *
 * @throws MuxletError MUX_COMMAND_FAILED if it is still there
 */
export async function removeTree({ repository, path, env }: Omit<OwnTree, 'mark'>): Promise<void> {
  const options = { timeoutMs: CHECKOUT_MS, mayWrite: true, env } as const;
  const remove = ['worktree', 'remove', '--', path];
  await runGit(repository, ['worktree', 'unlock', '--', path], options);
  if ((await runGit(repository, remove, options)).ok) return;
  await runGit(path, ['reset', '--quiet', '--hard'], options).catch(() => undefined);
  await runGit(path, ['clean', '-ffdxq'], options).catch(() => undefined);
  if ((await runGit(repository, remove, options)).ok) return;
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
  await askGit(repository, remove, options);
}
