import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { World } from '../support/world.ts';

/** A real repository for one test, and git as its user runs it. */
export interface Repository {
  readonly path: string;
  /** Runs git there; standard output without the last line's end. Throws if git fails. */
  git(...args: readonly string[]): string;
  /** Runs git in another directory. */
  gitIn(directory: string, ...args: readonly string[]): string;
  /** Writes files and commits them; gives the commit. */
  commit(files: Readonly<Record<string, string>>, message?: string): string;
  /** Everything that is not to change while agents work elsewhere: branch, index, stash, settings, files. */
  fingerprint(): unknown;
}

export function makeRepository(world: World, name: string, ...flags: readonly string[]): Repository {
  const path = join(world.root, name);
  mkdirSync(path, { recursive: true });
  const env = {
    ...world.env,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@example.org',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.org',
  };
  const gitIn = (directory: string, ...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: directory, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trimEnd();
  const git = (...args: readonly string[]): string => gitIn(path, ...args);
  git('init', '--quiet', '--initial-branch=main', ...flags);
  return {
    path,
    git,
    gitIn,
    commit(files, message = 'work') {
      write(path, files);
      git('add', '--all');
      git('commit', '--quiet', '--message', message);
      return git('rev-parse', 'HEAD');
    },
    fingerprint: () => ({
      head: git('symbolic-ref', 'HEAD'),
      commit: git('rev-parse', 'HEAD'),
      status: git('status', '--porcelain=v2', '--ignored'),
      index: git('ls-files', '--stage'),
      stash: git('stash', 'list'),
      config: git('config', '--local', '--list'),
      branches: git('for-each-ref', '--format=%(refname) %(objectname)', 'refs/heads')
        .split('\n')
        .filter((line) => !line.includes('refs/heads/muxlet/')),
    }),
  };
}

export function write(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
}
