import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface TestRepository {
  readonly root: string;
  /** The checkout, and a work tree of it on the branch `tree`. */
  readonly checkout: string;
  readonly tree: string;
  readonly adminDir: string;
  git(directory: string, ...args: readonly string[]): string;
  write(directory: string, files: Readonly<Record<string, string>>): void;
  remove(): void;
}

/** A real repository with one commit of these files, and a work tree beside it. */
export function testRepository(files: Readonly<Record<string, string>>): TestRepository {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'muxlet-work-')));
  const [checkout, tree] = [join(root, 'checkout'), join(root, 'tree')];
  const env = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: root,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@example.org',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.org',
  };
  const git = (directory: string, ...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: directory, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trimEnd();
  const write = (directory: string, all: Readonly<Record<string, string>>): void => {
    for (const [name, text] of Object.entries(all)) {
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      writeFileSync(join(directory, name), text);
    }
  };
  mkdirSync(checkout);
  git(checkout, 'init', '--quiet', '--initial-branch=main');
  write(checkout, files);
  git(checkout, 'add', '--all');
  git(checkout, 'commit', '--quiet', '--message', 'first');
  git(checkout, 'worktree', 'add', '--quiet', '-b', 'tree', tree);
  const adminDir = git(tree, 'rev-parse', '--absolute-git-dir');
  const remove = (): void => rmSync(root, { recursive: true });
  return { root, checkout, tree, adminDir, git, write, remove };
}
