import { randomBytes } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runGit } from '../../exec/git.ts';
import { SHORT_MS } from './run.ts';

/**
 * Removes a clone of ours that nobody needs any more, if there is nothing in it that the remote has not: no other work
 * tree, nothing of muxlet's own, no commit of a branch or a stash, no file that somebody checked out or staged. Anything
 * that git cannot say keeps it.
 *
 * @returns whether it is gone
 */
export async function dropClone(path: string): Promise<boolean> {
  const own = join(path, '.git');
  // By its name: of one that is broken git would else tell what it finds of a repository around it.
  const ask = (...args: readonly string[]) => runGit(path, [`--git-dir=${own}`, ...args], { timeoutMs: SHORT_MS });
  const looks = await Promise.all([
    ask('for-each-ref', '--count=1', 'refs/muxlet/', 'refs/heads/muxlet/', 'refs/stash'),
    ask('rev-list', '--max-count=1', '--branches', 'HEAD', '--not', '--remotes'),
    ask('worktree', 'list', '--porcelain'),
  ]);
  const [refs, commits, trees] = looks;
  if (looks.some(({ ok }) => !ok) || refs.stdout !== '' || commits.stdout !== '') return false;
  if (trees.stdout.split('\n').filter((line) => line.startsWith('worktree ')).length > 1) return false;
  if (await isWorkedIn(path, own)) return false;
  // What is broken off here is no clone to whoever needs one next; it is cleared away with those that were not finished.
  const leaving = `${path}.${randomBytes(4).toString('hex')}.part`;
  await rename(path, leaving);
  await rm(leaving, { recursive: true, force: true, maxRetries: 3 });
  return true;
}

/** Clones are made without a checkout: what is there beside git's own is somebody's, and an index what he staged. */
async function isWorkedIn(path: string, own: string): Promise<boolean> {
  const [top, within] = await Promise.all([readdir(path), readdir(own)]);
  return top.some((name) => name !== '.git') || within.includes('index');
}
