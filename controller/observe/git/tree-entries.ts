import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { TreeEntry } from '../../api/repository-look.ts';
import { decodeMark, MARK_FILE, readLockReason } from '../../api/work-tree-mark.ts';
import type { ListedWorkTree } from './list-work-trees.ts';
import { exists, isKnownGone, orNothing } from './or-nothing.ts';
import { realPath } from './real-path.ts';

/**
 * The work trees that git lists, and what git's folder for each holds of ours: see gitrepository-layout(5), worktrees/.
 *
 * @throws what the system says of a mark that cannot be read: without it ours would be nobody's
 */
export async function treeEntries(listed: readonly ListedWorkTree[], commonDir: string): Promise<TreeEntry[]> {
  const admins = await adminDirs(commonDir);
  return Promise.all(
    listed.map(async ({ path: named, branch, head, locked }, index) => {
      const path = await realPath(named);
      const adminDir = index === 0 ? undefined : admins.get(path);
      return {
        path,
        ...(branch !== undefined && { branch }),
        ...(head !== undefined && { head }),
        ...(locked !== undefined && { locked }),
        ...(adminDir !== undefined && (await marksIn(adminDir, locked))),
      };
    }),
  );
}

async function marksIn(adminDir: string, locked: string | undefined): Promise<Partial<TreeEntry>> {
  const text = await textOf(join(adminDir, MARK_FILE));
  const mark = text === undefined ? undefined : decodeMark(text);
  const lockMark = locked === undefined ? undefined : readLockReason(locked);
  return {
    adminDir,
    ...(mark !== undefined && { mark }),
    ...(mark !== undefined && (await isKnownGone(mark.state)) && { isAbandoned: true as const }),
    ...(lockMark !== undefined && { lockMark }),
    ...((await exists(join(adminDir, 'index'))) && { hasIndex: true as const }),
  };
}

/** Git's folders by the work trees that they are for. */
async function adminDirs(commonDir: string): Promise<ReadonlyMap<string, string>> {
  const folder = join(commonDir, 'worktrees');
  const names = (await orNothing(readdir(folder))) ?? [];
  const found = await Promise.all(
    names.map(async (name): Promise<[string, string][]> => {
      const adminDir = join(folder, name);
      const gitFile = (await textOf(join(adminDir, 'gitdir')))?.trim();
      return gitFile === undefined ? [] : [[await realPath(dirname(resolve(adminDir, gitFile))), adminDir]];
    }),
  );
  return new Map(found.flat());
}

function textOf(path: string): Promise<string | undefined> {
  return orNothing(readFile(path, 'utf8'));
}
