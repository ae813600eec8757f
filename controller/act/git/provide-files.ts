import { randomBytes } from 'node:crypto';
import { copyFile, link, lstat, mkdir, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { WorkTreeFile } from '../../api/generated/all.ts';
import type { GitStep } from '../../api/git-verb.ts';
import { runGit } from '../../exec/git.ts';
import { fileStep, SHORT_MS } from './run.ts';

export interface ProvideRequest {
  /** The checkout that has them; absent: there is none. */
  readonly checkout: string | undefined;
  readonly tree: string;
  readonly files: readonly WorkTreeFile[];
}

interface Part {
  readonly path: string;
  readonly mode: 'Copy' | 'Link' | 'Folder';
}

/**
 * Gives a new work tree what the repository does not hold. What the work tree has is left as it is, and what git would not
 * ignore is not given: whoever adds everything there would commit it.
 */
export async function provideFiles({ checkout, tree, files }: ProvideRequest): Promise<GitStep> {
  const parts: Part[] = [];
  for (const { path, mode = 'Copy', optional = false } of files) {
    const found = checkout === undefined ? undefined : await kindOf(join(checkout, path));
    if (found !== undefined) parts.push({ path, mode: mode === 'Link' ? 'Link' : found });
    else if (!optional) {
      const where =
        checkout === undefined ? 'the repository has no checkout that could have it' : `${checkout} has none`;
      return { ok: false, reason: 'FileMissing', message: `the file ${path} is to be provided, and ${where}` };
    }
  }
  if (checkout === undefined) return { ok: true };
  const included = await includedFiles(checkout);
  const missing: Part[] = [];
  for (const part of [...parts, ...included]) if (await isMissing(tree, part)) missing.push(part);
  const plain = await unignored(tree, missing);
  const visible = plain.filter(({ mode }) => mode !== 'Folder').concat(await withinFolders(checkout, tree, plain));
  const [first] = visible;
  if (first !== undefined) return { ok: false, reason: 'FileNotIgnored', message: whyNot(visible) };
  return fileStep('WorkTreeFailed', async () => {
    for (const part of missing) await give(part, { checkout, tree });
  });
}

function whyNot(parts: readonly Part[]): string {
  const names = parts.slice(0, 3).map(({ path }) => path);
  const links = parts.some(({ mode }) => mode === 'Link')
    ? "; a link is no folder to git, so that a pattern with '/' at its end does not match it"
    : '';
  return `git would not ignore ${names.join(', ')}, and an agent that adds everything would commit it: name it in .gitignore or in .git/info/exclude${links}`;
}

async function kindOf(path: string): Promise<'Copy' | 'Folder' | undefined> {
  try {
    return (await lstat(path)).isDirectory() ? 'Folder' : 'Copy';
  } catch {
    return undefined;
  }
}

/** Ignored files that the checkout's .worktreeinclude names, as .gitignore names what it ignores. */
async function includedFiles(checkout: string): Promise<Part[]> {
  if ((await kindOf(join(checkout, '.worktreeinclude'))) !== 'Copy') return [];
  const list = (args: readonly string[]) =>
    runGit(checkout, ['ls-files', '--others', '--ignored', '-z', ...args], { timeoutMs: SHORT_MS });
  const [named, ignored] = await Promise.all([list(['--exclude-from=.worktreeinclude']), list(['--exclude-standard'])]);
  if (!named.ok || !ignored.ok) return [];
  const isIgnored = new Set(ignored.stdout.split('\0'));
  return named.stdout.split('\0').flatMap((path) => {
    return path !== '' && isIgnored.has(path) ? [{ path, mode: 'Copy' as const }] : [];
  });
}

/**
 * Whether nothing stands there. What lies behind a symbolic link of the work tree counts as there: nothing is ever written
 * through one.
 */
async function isMissing(tree: string, { path }: Part): Promise<boolean> {
  const names = path.split('/');
  for (const [at] of names.entries()) {
    const found = await lstat(join(tree, ...names.slice(0, at + 1))).catch(() => undefined);
    if (found === undefined) return true;
    if (at < names.length - 1 && !found.isDirectory()) return false;
    if (at === names.length - 1) return found.isDirectory() && (await readdir(join(tree, path))).length === 0;
  }
  return false;
}

async function unignored(tree: string, parts: readonly Part[]): Promise<Part[]> {
  if (parts.length === 0) return [];
  const asked = parts.map((part) => ({ part, name: part.mode === 'Folder' ? `${part.path}/` : part.path }));
  const input = asked.map(({ name }) => `${name}\0`).join('');
  const result = await runGit(tree, ['check-ignore', '-z', '--stdin'], { timeoutMs: SHORT_MS, input });
  const ignored = new Set(result.stdout.split('\0'));
  return asked.flatMap(({ part, name }) => (ignored.has(name) ? [] : [part]));
}

/** Of folders that are not ignored as such, those files that are not either. */
async function withinFolders(checkout: string, tree: string, parts: readonly Part[]): Promise<Part[]> {
  const found: Part[] = [];
  for (const { path, mode } of parts) {
    if (mode !== 'Folder') continue;
    for (const entry of await readdir(join(checkout, path), { recursive: true, withFileTypes: true })) {
      if (entry.isDirectory()) continue;
      found.push({ path: join(entry.parentPath.slice(checkout.length + 1), entry.name), mode: 'Copy' });
    }
  }
  return unignored(tree, found);
}

interface Sides {
  readonly checkout: string;
  readonly tree: string;
}

async function give({ path, mode }: Part, { checkout, tree }: Sides): Promise<void> {
  const [from, to] = [join(checkout, path), join(tree, path)];
  await mkdir(dirname(to), { recursive: true });
  if (mode === 'Link') return symlink(from, to);
  if (mode === 'Copy') return copyNew(from, to);
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    const part: Part = { path: inner, mode: entry.isDirectory() ? 'Folder' : 'Copy' };
    if (entry.isDirectory() || (await isMissing(tree, part))) await give(part, { checkout, tree });
  }
}

/** Whole or not at all, and never over something. */
async function copyNew(from: string, to: string): Promise<void> {
  const found = await lstat(from);
  if (found.isSymbolicLink()) return symlink(await readlink(from), to);
  if (!found.isFile()) return;
  const temporary = join(dirname(to), `.muxlet-${randomBytes(4).toString('hex')}`);
  try {
    await copyFile(from, temporary);
    await link(temporary, to).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(temporary, { force: true });
  }
}
