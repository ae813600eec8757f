import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runGit } from '../../exec/git.ts';
import { SHORT_MS } from './run.ts';

/**
 * Has git look at the files again that it was told not to look at, as far as they are there: in an index of our own, which
 * the environment names. What cannot be done so is not saved, and is then seen to differ.
 */
export async function unhide(tree: string, env: { readonly GIT_INDEX_FILE: string }): Promise<void> {
  const flagged = await runGit(tree, ['ls-files', '-v', '-z'], { timeoutMs: SHORT_MS, env });
  const lines = flagged.stdout.split('\0').filter((line) => /^[a-zS] /.test(line));
  const paths = lines.map((line) => line.slice(2)).filter((path) => existsSync(join(tree, path)));
  if (paths.length === 0) return;
  const input = paths.map((path) => `${path}\0`).join('');
  for (const flag of ['--no-assume-unchanged', '--no-skip-worktree']) {
    await runGit(tree, ['update-index', '-z', flag, '--stdin'], { timeoutMs: SHORT_MS, env, input, mayWrite: true });
  }
}
