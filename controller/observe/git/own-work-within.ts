import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runGit } from '../../exec/git.ts';
import { orNothing } from './or-nothing.ts';

const TIMEOUT_MS = 120_000;

/**
 * The first repository in what git ignores of a work tree that has work of its own: something uncommitted, or commits that
 * no remote has, or, where it is itself a work tree, that no branch has. Git takes ignored folders away without asking. What
 * cannot be looked at counts as having some. Relative to the work tree.
 */
export async function ownWorkWithin(tree: string): Promise<string | undefined> {
  const args = ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory'];
  const listed = await runGit(tree, args, { timeoutMs: TIMEOUT_MS });
  if (!listed.ok) return '.';
  for (const name of listed.stdout.split('\0')) {
    if (!name.endsWith('/')) continue;
    for await (const found of repositoriesIn(tree, name.slice(0, -1))) {
      if (await hasOwnWork(join(tree, found))) return found;
    }
  }
  return undefined;
}

/** What cannot be looked into may be one. Symbolic links are not followed: they are taken away as links. */
async function* repositoriesIn(tree: string, folder: string): AsyncGenerator<string> {
  let entries: readonly Dirent[];
  try {
    entries = (await orNothing(readdir(join(tree, folder), { withFileTypes: true }))) ?? [];
  } catch {
    yield folder;
    return;
  }
  if (entries.some(({ name }) => name === '.git')) yield folder;
  for (const entry of entries) {
    if (entry.isDirectory() && entry.name !== '.git') yield* repositoriesIn(tree, join(folder, entry.name));
  }
}

async function hasOwnWork(path: string): Promise<boolean> {
  const ask = (...args: readonly string[]) => runGit(path, args, { timeoutMs: TIMEOUT_MS });
  const status = await ask('status', '--porcelain', '--untracked-files=normal', '--ignore-submodules=none');
  if (!status.ok || status.stdout !== '') return true;
  const isLinked = await lstat(join(path, '.git')).then(
    (facts) => facts.isFile(),
    () => undefined,
  );
  if (isLinked === undefined) return true;
  // A work tree goes without its repository.
  const commits = isLinked ? ['HEAD', '--not', '--branches', '--remotes'] : ['--all', '--not', '--remotes'];
  const own = await ask('rev-list', '--max-count=1', ...commits);
  return !own.ok || own.stdout !== '';
}
