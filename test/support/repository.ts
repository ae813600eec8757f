import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** A repository that a test writes; nothing of the user's configuration is in it. */
export interface Repository {
  readonly path: string;
  /** Writes files (null: removes one) and commits; gives the commit's id. */
  commit(files: Readonly<Record<string, string | null>>, ...flags: string[]): string;
  git(...args: string[]): string;
  /** The same, while others get their turn. */
  gitAside(...args: string[]): Promise<void>;
}

export function makeRepository(path: string): Repository {
  mkdirSync(path, { recursive: true });
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: dirname(path),
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@example.com',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@example.com',
  };
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: path, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  git('init', '--quiet', '--initial-branch=main');
  return {
    path,
    git,
    gitAside: async (...args) => {
      await promisify(execFile)('git', args, { cwd: path, env });
    },
    commit(files, ...flags) {
      for (const [file, text] of Object.entries(files)) {
        const place = join(path, file);
        if (text === null) rmSync(place);
        else {
          mkdirSync(dirname(place), { recursive: true });
          writeFileSync(place, text);
        }
      }
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '--message=x', ...flags);
      return git('rev-parse', 'HEAD');
    },
  };
}

/** A key pair without a passphrase, and the line that allows it to sign. */
export function makeSigner(folder: string, name: string): { readonly key: string; readonly allowed: string } {
  const key = join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', key]);
  const line = execFileSync('cat', [`${key}.pub`], { encoding: 'utf8' });
  return { key, allowed: `${name} ${line}` };
}

export function signingFlags(key: string): string[] {
  return ['-c', 'gpg.format=ssh', '-c', `user.signingKey=${key}`];
}
