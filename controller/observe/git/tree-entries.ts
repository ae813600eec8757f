import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { TreeEntry } from '../../api/repository-look.ts';
import { decodeMark, MARK_FILE, readLockReason } from '../../api/work-tree-mark.ts';
import { realPath } from './real-path.ts';

/**
 * Reads `git worktree list --porcelain -z`, and beside it what git's folder for each work tree holds of ours: see
 * gitrepository-layout(5), worktrees/.
 */
export function treeEntries(listed: string, commonDir: string): TreeEntry[] {
  const admins = adminDirs(commonDir);
  return listed
    .split('\0\0')
    .filter((block) => block.includes('worktree '))
    .map((block, index) => {
      const lines = block.split('\0').filter((line) => line !== '');
      const value = (name: string): string | undefined =>
        lines.find((line) => line === name || line.startsWith(`${name} `))?.slice(name.length + 1);
      const path = realPath(value('worktree') ?? '');
      const [branch, head, locked] = [value('branch'), value('HEAD'), value('locked')];
      const adminDir = index === 0 ? undefined : admins.get(path);
      return {
        path,
        ...(branch !== undefined && { branch: branch.replace(/^refs\/heads\//, '') }),
        ...(head !== undefined && !/^0+$/.test(head) && { head }),
        ...(locked !== undefined && { locked }),
        ...(adminDir !== undefined && marksIn(adminDir, locked)),
      };
    });
}

function marksIn(adminDir: string, locked: string | undefined): Partial<TreeEntry> {
  const text = textOf(join(adminDir, MARK_FILE));
  const mark = text === undefined ? undefined : decodeMark(text);
  const lockMark = locked === undefined ? undefined : readLockReason(locked);
  return {
    adminDir,
    ...(mark !== undefined && { mark }),
    ...(mark !== undefined && !existsSync(mark.state) && { isAbandoned: true as const }),
    ...(lockMark !== undefined && { lockMark }),
    ...(existsSync(join(adminDir, 'index')) && { hasIndex: true as const }),
  };
}

/** Git's folders by the work trees that they are for. */
function adminDirs(commonDir: string): ReadonlyMap<string, string> {
  const folder = join(commonDir, 'worktrees');
  const names = namesIn(folder);
  return new Map(
    names.flatMap((name): [string, string][] => {
      const adminDir = join(folder, name);
      const gitFile = textOf(join(adminDir, 'gitdir'))?.trim();
      return gitFile === undefined ? [] : [[realPath(dirname(resolve(adminDir, gitFile))), adminDir]];
    }),
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
