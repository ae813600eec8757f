import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A real repository on the branch `main` with one commit, and what agents and people do in it. */
export interface Repository {
  readonly path: string;
  /** Runs git, in the repository itself or in one of its work trees; standard output, trimmed. */
  git(args: readonly string[], directory?: string): Promise<string>;
  /** Makes a work tree beside it, on a branch of its own; gives its path. */
  workTree(name: string): Promise<string>;
  /** Writes a file and commits it, as an agent does; gives the hash. */
  commit(directory: string, file: string, message?: string): Promise<string>;
}

/** Nobody's settings count here, and nobody's name. */
const ENV = {
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'agent',
  GIT_AUTHOR_EMAIL: 'agent@example.com',
  GIT_COMMITTER_NAME: 'agent',
  GIT_COMMITTER_EMAIL: 'agent@example.com',
};

export async function makeRepository(path: string): Promise<Repository> {
  const git: Repository['git'] = async (args, directory = path) => {
    const { stdout } = await promisify(execFile)('git', [...args], { cwd: directory, env: ENV, timeout: 30_000 });
    return stdout.trim();
  };
  const commit: Repository['commit'] = async (directory, file, message = `add ${file}`) => {
    writeFileSync(join(directory, file), `${file}\n`);
    await git(['add', '--', file], directory);
    await git(['commit', '--quiet', `--message=${message}`], directory);
    return git(['rev-parse', 'HEAD'], directory);
  };
  mkdirSync(path, { recursive: true });
  await git(['init', '--quiet', '--initial-branch=main']);
  await commit(path, 'README');
  return {
    path,
    git,
    commit,
    async workTree(name) {
      const tree = `${path}-${name}`;
      await git(['worktree', 'add', '--quiet', '--no-track', '-b', name, tree]);
      return tree;
    },
  };
}
