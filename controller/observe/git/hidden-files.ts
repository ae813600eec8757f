import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { askGit } from '../../exec/ask-git.ts';
import { runGit } from '../../exec/git.ts';
import { orNothing } from './or-nothing.ts';

const TIMEOUT_MS = 120_000;

/**
 * Tracked files that git was told not to look at (`update-index --assume-unchanged`, `--skip-worktree`), and that differ
 * all the same. It says nothing of them, and takes them away without asking. Those that are not there differ in nothing: a
 * sparse checkout has none of them.
 *
 * @throws MuxletError MUX_COMMAND_FAILED, or what the system says of a file that cannot be looked at
 */
export async function changedUnseen(tree: string): Promise<readonly string[]> {
  const flagged = await askGit(tree, ['ls-files', '-v', '-z'], { timeoutMs: TIMEOUT_MS });
  const names = flagged.split('\0').flatMap((line) => (/^[a-zS] /.test(line) ? [line.slice(2)] : []));
  const found: string[] = [];
  for (const name of names) {
    const facts = await orNothing(lstat(join(tree, name)));
    if (facts?.isFile() === true && (await differs(tree, name))) found.push(name);
  }
  return found;
}

async function differs(tree: string, name: string): Promise<boolean> {
  const [index, file] = await Promise.all([
    runGit(tree, ['rev-parse', '--verify', '--quiet', '--end-of-options', `:${name}`], { timeoutMs: TIMEOUT_MS }),
    runGit(tree, ['hash-object', '--', name], { timeoutMs: TIMEOUT_MS }),
  ]);
  return !index.ok || index.stdout.split('\n').at(-1) !== file.stdout;
}
