import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { TreeEntry } from '../../api/repository-look.ts';
import { decodeMark, MARK_FILE, readLockReason } from '../../api/work-tree-mark.ts';
import { realPath } from './real-path.ts';

/**
 * Reads `git worktree list --porcelain -z`, and beside it what git's folder for each work tree holds of ours: see
 * gitrepository-layout(5), worktrees/.
 */
export async function treeEntries(listed: string, commonDir: string): Promise<TreeEntry[]> {
  const admins = await adminDirs(commonDir);
  const blocks = listed.split('\0\0').filter((block) => block.includes('worktree '));
  return Promise.all(
    blocks.map(async (block, index) => {
      const lines = block.split('\0').filter((line) => line !== '');
      const value = (name: string): string | undefined =>
        lines.find((line) => line === name || line.startsWith(`${name} `))?.slice(name.length + 1);
      const path = await realPath(value('worktree') ?? '');
      const [branch, head, locked] = [value('branch'), value('HEAD'), value('locked')];
      const adminDir = index === 0 ? undefined : admins.get(path);
      return {
        path,
        ...(branch !== undefined && { branch: branch.replace(/^refs\/heads\//, '') }),
        ...(head !== undefined && !/^0+$/.test(head) && { head }),
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
    ...(mark !== undefined && !(await exists(mark.state)) && { isAbandoned: true as const }),
    ...(lockMark !== undefined && { lockMark }),
    ...((await exists(join(adminDir, 'index'))) && { hasIndex: true as const }),
  };
}

/** Git's folders by the work trees that they are for. */
async function adminDirs(commonDir: string): Promise<ReadonlyMap<string, string>> {
  const folder = join(commonDir, 'worktrees');
  const names = await readdir(folder).catch(() => []);
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
  return readFile(path, 'utf8').catch(() => undefined);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
