import { join } from 'node:path';
import { readShort } from './read-short.ts';

/** Where git writes down which branch is moved on once what is under way has ended; HEAD is detached until then. */
const NAMES = [join('rebase-merge', 'head-name'), join('rebase-apply', 'head-name'), 'BISECT_START'];

/** The branch of a rebase or a bisection in a work tree, without refs/heads/; undefined if there is none. */
export async function branchUnderWay(adminDir: string): Promise<string | undefined> {
  for (const name of NAMES) {
    const text = (await readShort(join(adminDir, name))).trim();
    if (text !== '') return text.replace(/^refs\/heads\//, '');
  }
  return undefined;
}
