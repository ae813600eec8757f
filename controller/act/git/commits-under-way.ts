import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runGit } from '../../exec/git.ts';
import { SHORT_MS } from './run.ts';

/** In git's folder for a work tree: what was put aside, what is being merged or picked, and what was there before. */
const FILES = [
  'rebase-merge/autostash',
  'rebase-apply/autostash',
  'MERGE_AUTOSTASH',
  'MERGE_HEAD',
  'CHERRY_PICK_HEAD',
  'rebase-merge/orig-head',
  'rebase-apply/orig-head',
] as const;

/** The commits that a merge, a rebase or a cherry-pick in a work tree knows of, and maybe nothing else. */
export async function commitsUnderWay(adminDir: string): Promise<readonly string[]> {
  const texts = await Promise.all(FILES.map((name) => readFile(join(adminDir, name), 'utf8').catch(() => '')));
  const named = new Set(texts.flatMap((text) => text.split('\n')).filter((line) => /^[0-9a-f]{40,64}$/.test(line)));
  const found: string[] = [];
  for (const commit of named) {
    if ((await runGit(adminDir, ['cat-file', '-e', `${commit}^{commit}`], { timeoutMs: SHORT_MS })).ok)
      found.push(commit);
  }
  return found;
}
