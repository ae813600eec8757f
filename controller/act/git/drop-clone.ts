import { rm } from 'node:fs/promises';
import { runGit } from '../../exec/git.ts';
import { SHORT_MS } from './run.ts';

/**
 * Removes a clone of ours that nobody needs any more, if there is nothing in it that the remote has not: no other work
 * tree, nothing of muxlet's own, no commit of a branch or a stash. Anything that git cannot say keeps it.
 *
 * @returns whether it is gone
 */
export async function dropClone(path: string): Promise<boolean> {
  const ask = (...args: readonly string[]) => runGit(path, args, { timeoutMs: SHORT_MS });
  const looks = await Promise.all([
    ask('for-each-ref', '--count=1', 'refs/muxlet/', 'refs/heads/muxlet/', 'refs/stash'),
    ask('rev-list', '--max-count=1', '--branches', 'HEAD', '--not', '--remotes'),
    ask('worktree', 'list', '--porcelain'),
  ]);
  const [refs, own, trees] = looks;
  if (looks.some(({ ok }) => !ok) || refs.stdout !== '' || own.stdout !== '') return false;
  if (trees.stdout.split('\n').filter((line) => line.startsWith('worktree ')).length > 1) return false;
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
  return true;
}
