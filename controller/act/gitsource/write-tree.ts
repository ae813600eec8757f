import { linkSync, mkdirSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Git, GitResult } from './git.ts';
import { isRegular, type TreeEntry } from './tree-entry.ts';

/** A revision whose files are there already, and what `git diff-tree -r -z` says of the way from it. */
export interface Base {
  /** Absolute. */
  readonly folder: string;
  readonly differs: GitResult;
}

export interface Target {
  /** What of git is to be written. */
  readonly tree: string;
  readonly entries: readonly TreeEntry[];
  readonly base: Base | undefined;
  readonly target: string;
  readonly temporary: string;
}

type Unseen = Exclude<GitResult, { readonly type: 'Done' }>;

/**
 * Writes the regular files of a tree into a folder that is there as a whole or not at all. Files that a revision before
 * it holds already are shared with it: nobody ever writes into either.
 *
 * @returns undefined if all is there
 */
export async function writeTree(git: Git, target: Target): Promise<Unseen | undefined> {
  const { temporary } = target;
  const env = { GIT_INDEX_FILE: `${temporary}.index` };
  try {
    await makeAnew(temporary);
    if (!(await writeDifference(git, target, env))) {
      await makeAnew(temporary);
      const written = await writeAll(git, target, env);
      if (written.type !== 'Done') return written;
    }
    await rename(temporary, target.target);
    return undefined;
  } finally {
    await rm(env.GIT_INDEX_FILE, { force: true });
    await rm(temporary, { recursive: true, force: true });
  }
}

async function makeAnew(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

type Env = Readonly<Record<string, string>>;

async function writeAll(git: Git, { tree, entries, temporary }: Target, env: Env): Promise<GitResult> {
  // Links are written as what they are in git, files with a path in them, so that nothing is ever written through one.
  const flags = ['-c', 'core.symlinks=false', `--work-tree=${temporary}`];
  const written = await git.run([...flags, 'read-tree', '-u', '--reset', tree], env);
  if (written.type !== 'Done') return written;
  const others = entries.filter((entry) => !isRegular(entry));
  await Promise.all(others.map(({ path }) => rm(join(temporary, path), { recursive: true, force: true })));
  return written;
}

/** More than so many are written together with all others. */
const MAX_CHANGED = 200;
/** Files that are shared before others get a turn of the event loop. */
const LINKS_A_TURN = 100;

/** False if it cannot be done so; then all is to be written. */
async function writeDifference(git: Git, { tree, entries, base, temporary }: Target, env: Env): Promise<boolean> {
  const changed = base === undefined ? undefined : changedPaths(base.differs);
  if (base === undefined || changed === undefined || changed.size > MAX_CHANGED) return false;
  // How files are written may have changed with that.
  if ([...changed].some((path) => path.endsWith('.gitattributes'))) return false;
  const regular = entries.filter(isRegular);
  const kept = regular.filter(({ path }) => !changed.has(path)).map(({ path }) => path);
  if (!(await share(kept, base.folder, temporary))) return false;
  const fresh = regular.filter(({ path }) => changed.has(path)).map(({ path }) => path);
  if (fresh.length === 0) return true;
  const indexed = await git.run(['read-tree', tree], env);
  if (indexed.type !== 'Done') return false;
  const written = await git.run([`--work-tree=${temporary}`, 'checkout-index', '--force', '--', ...fresh], env);
  return written.type === 'Done';
}

/** `:100644 100644 OID OID M`, then the path, each with a NUL behind it. Undefined where git could not tell. */
function changedPaths(differs: GitResult): ReadonlySet<string> | undefined {
  if (differs.type !== 'Done') return undefined;
  return new Set(differs.stdout.split('\0').filter((part, index) => index % 2 === 1 && part !== ''));
}

async function share(paths: readonly string[], from: string, to: string): Promise<boolean> {
  const folders = new Set<string>(['.']);
  try {
    for (const [index, path] of paths.entries()) {
      if (index % LINKS_A_TURN === LINKS_A_TURN - 1) await setImmediate();
      const folder = dirname(path);
      if (!folders.has(folder)) mkdirSync(join(to, folder), { recursive: true, mode: 0o700 });
      folders.add(folder);
      linkSync(join(from, path), join(to, path));
    }
    return true;
  } catch {
    // A file system without hard links, or somebody took a file of the older one away.
    return false;
  }
}
