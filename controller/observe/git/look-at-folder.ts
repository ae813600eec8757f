import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { FolderLook } from '../../api/repository-look.ts';
import { realPath } from './real-path.ts';

/** What stands where a work tree is to be, without asking git. @throws what the system says of a folder that cannot be read */
export function lookAtFolder(path: string): FolderLook {
  const found = statSync(path, { throwIfNoEntry: false });
  // A symbolic link that leads nowhere is in the way all the same.
  if (found === undefined) {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined ? { type: 'Nothing' } : { type: 'NoFolder' };
  }
  if (!found.isDirectory()) return { type: 'NoFolder' };
  const gitFile = join(path, '.git');
  const git = lstatSync(gitFile, { throwIfNoEntry: false });
  if (git === undefined) return { type: readdirSync(path).length === 0 ? 'Empty' : 'Plain' };
  if (git.isDirectory()) return { type: 'Repository' };
  if (!git.isFile()) return { type: 'Corrupt' };
  const named = /^gitdir: (.+)$/.exec(readFileSync(gitFile, 'utf8').trim())?.[1];
  if (named === undefined) return { type: 'Corrupt' };
  const adminDir = realPath(resolve(path, named));
  return { type: 'WorkTree', adminDir, exists: existsSync(adminDir) };
}
