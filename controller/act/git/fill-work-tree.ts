import { existsSync } from 'node:fs';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitStep } from '../../api/git-verb.ts';
import { boundTo, fileStep, writeGit } from './run.ts';

/** A large repository on a slow disk. */
const TIMEOUT_MS = 1_800_000;

/** A git that was ended in the middle of it leaves its lock behind; so old it must be, in milliseconds. */
const STALE_MS = 60_000;

/**
 * Gives a work tree in which nobody has worked the files of its branch. With `isFree` nobody else is at it: a lock that is
 * there then is nobody's.
 */
export async function fillWorkTree(path: string, adminDir: string, isFree: boolean): Promise<GitStep> {
  if (isFree) await dropStaleLock(adminDir);
  return fill(path, adminDir);
}

/** Takes a lock of the index away that is nobody's: only where nobody is at work in the work tree. */
export async function dropStaleLock(adminDir: string): Promise<void> {
  const lock = join(adminDir, 'index.lock');
  const found = await stat(lock).catch(() => undefined);
  if (found !== undefined && Date.now() - found.mtimeMs > STALE_MS) await rm(lock, { force: true });
}

function fill(path: string, adminDir: string): Promise<GitStep> {
  return writeGit(path, ['reset', '--hard', '--quiet'], { timeoutMs: TIMEOUT_MS, env: boundTo(path, adminDir) });
}

/**
 * Leads the folder back to git's own record of it: what `git worktree repair` does, which would do it for everybody's work
 * trees in the repository and not for this one alone.
 */
export function repairLink(path: string, adminDir: string): Promise<GitStep> {
  return fileStep('WorkTreeBroken', async () => {
    await mkdir(path, { recursive: true });
    const temporary = join(adminDir, 'muxlet.git-file');
    await writeFile(temporary, `gitdir: ${adminDir}\n`);
    await rename(temporary, join(path, '.git')).catch(async () => {
      // On another file system: it was not there, or could not be made out.
      await writeFile(join(path, '.git'), `gitdir: ${adminDir}\n`);
    });
  });
}

/**
 * Brings files back that are gone, as they were last added: what was staged is more than what was committed. For a work
 * tree in which nobody is at work.
 */
export async function restoreFiles(path: string, adminDir: string): Promise<GitStep> {
  await dropStaleLock(adminDir);
  if (!existsSync(join(adminDir, 'index'))) return fill(path, adminDir);
  return writeGit(path, ['checkout-index', '--all', '--index', '--quiet'], {
    timeoutMs: TIMEOUT_MS,
    env: boundTo(path, adminDir),
  });
}
