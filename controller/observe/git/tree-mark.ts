import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitPlace } from './find-work-tree.ts';
import { readShort } from './read-short.ts';

/**
 * Tells whether git has done anything in a work tree, at the price of a few stat(2): a mark that differs from an earlier
 * one means yes. What is changed, made or removed below the top of the work tree, and not added, is not in it: nobody
 * tells of that but a look at every file.
 */
export function createTreeMark({ top, gitDir, commonDir }: GitPlace): () => Promise<string> {
  const head = { path: join(gitDir, 'HEAD'), mark: '', ref: undefined as string | undefined };
  const fixed = [
    // A new file at the top.
    top,
    // Locks come and go here, and what is under way: MERGE_HEAD, rebase-merge, …
    gitDir,
    join(gitDir, 'index'),
    // Grows with each step of HEAD.
    join(gitDir, 'logs', 'HEAD'),
    // Where a branch may stand that is moved from elsewhere.
    join(commonDir, 'packed-refs'),
  ];
  return async () => {
    const mark = await markOfFile(head.path);
    if (mark !== head.mark) {
      head.ref = refOf(await readShort(head.path));
      head.mark = mark;
    }
    const paths = head.ref === undefined ? fixed : [...fixed, join(commonDir, head.ref)];
    return [mark, ...(await Promise.all(paths.map(markOfFile)))].join('\n');
  };
}

async function markOfFile(path: string): Promise<string> {
  const facts = await stat(path).catch(() => undefined);
  return facts === undefined ? '-' : `${facts.ino} ${facts.size} ${facts.mtimeMs}`;
}

/** The reference that HEAD stands for; undefined if it is detached. */
export function refOf(head: string): string | undefined {
  return /^ref: (refs\/.+)/.exec(head)?.[1]?.trimEnd();
}
