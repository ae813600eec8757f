import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProgramPort } from '../ports.ts';

/** What a repository holds, by the names of its files alone: none is opened. */
export interface Survey {
  /** Paths from the directory, with '/' between. */
  readonly files: readonly string[];
  readonly isGit: boolean;
  /** There is a commit that work can begin from. */
  readonly hasCommit: boolean;
}

const GIT_TIMEOUT_MS = 30_000;
/** A directory without git is walked so far and no further. */
const MAX_WALKED = 20_000;
const MAX_DEPTH = 12;

/** The files that git tracks below a directory; without git, those that are there, less hidden and installed ones. */
export async function surveyRepository(directory: string, programs: ProgramPort): Promise<Survey> {
  const git = (...args: readonly string[]) =>
    programs.run(['git', '-C', directory, '-c', 'core.fsmonitor=false', '--no-optional-locks', ...args], {
      timeoutMs: GIT_TIMEOUT_MS,
    });
  const { ok, stdout } = await git('ls-files', '-z');
  if (ok) {
    const { ok: hasCommit } = await git('rev-parse', '--quiet', '--verify', 'HEAD');
    return { files: stdout.split('\0').filter((file) => file !== ''), isGit: true, hasCommit };
  }
  const files: string[] = [];
  await walk(directory, '', files);
  return { files, isGit: false, hasCommit: false };
}

const INSTALLED = new Set(['node_modules', 'vendor', 'target', 'dist', 'build', '__pycache__', 'venv']);

async function walk(root: string, folder: string, files: string[]): Promise<void> {
  if (folder.split('/').length > MAX_DEPTH) return;
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (files.length >= MAX_WALKED) return;
    if (entry.name.startsWith('.') || INSTALLED.has(entry.name)) continue;
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) await walk(root, path, files);
    else if (entry.isFile()) files.push(path);
  }
}
