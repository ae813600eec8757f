import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { FolderLook } from '../../api/repository-look.ts';
import { orNothing } from './or-nothing.ts';
import { realPath } from './real-path.ts';

/** What stands where a work tree is to be, without asking git. @throws what the system says of what cannot be read */
export async function lookAtFolder(path: string): Promise<FolderLook> {
  const found = await orNothing(stat(path));
  // A symbolic link that leads nowhere is in the way all the same.
  if (found === undefined)
    return (await orNothing(lstat(path))) === undefined ? { type: 'Nothing' } : { type: 'NoFolder' };
  if (!found.isDirectory()) return { type: 'NoFolder' };
  const gitFile = join(path, '.git');
  const git = await orNothing(lstat(gitFile));
  if (git === undefined) return { type: (await readdir(path)).length === 0 ? 'Empty' : 'Plain' };
  if (git.isDirectory()) return { type: 'Repository' };
  if (!git.isFile()) return { type: 'Corrupt' };
  const named = /^gitdir: (.+)$/.exec((await readFile(gitFile, 'utf8')).trim())?.[1];
  if (named === undefined) return { type: 'Corrupt' };
  const adminDir = await realPath(resolve(path, named));
  return { type: 'WorkTree', adminDir, exists: (await orNothing(stat(adminDir))) !== undefined };
}
