import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const WHO = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
};

/** A repository as a person has it, and agents' branches in it. */
export interface GitPlace {
  /** Holds everything else; goes with `remove`. */
  readonly root: string;
  /** The person's checkout, on the branch main. */
  readonly repository: string;
  /** Runs git in a directory, by default the checkout; gives what it prints. Throws if it fails. */
  git(args: readonly string[], directory?: string): string;
  /** Commits files (null: it goes) to a branch, beginning from `from` if the branch is not there, without a checkout. */
  commit(branch: string, files: Readonly<Record<string, string | null>>, from?: string): string;
  /** The commit of a name. */
  at(name: string): string;
  /** What a file holds in a commit. */
  read(name: string, path: string): string;
  /** All that a person would miss if it changed: files, index, stash, HEAD, settings, hooks and branches of theirs. */
  snapshot(): string;
  remove(): void;
}

export function makeGitPlace(): GitPlace {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'mxg-')));
  const repository = join(root, 'repo');
  const scratch = join(root, 'scratch');
  mkdirSync(repository);
  const git = (args: readonly string[], directory = repository): string =>
    execFileSync('git', args, {
      cwd: directory,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: root, LC_ALL: 'C', ...WHO },
    }).trimEnd();
  git(['init', '--quiet', '--initial-branch=main']);
  writeFileSync(join(repository, 'README'), 'one\n');
  git(['add', '.']);
  git(['commit', '--quiet', '-m', 'one']);

  return {
    root,
    repository,
    git,
    commit(branch, files, from = 'main') {
      const known = git(['branch', '--list', branch]) !== '';
      git(['worktree', 'add', '--quiet', '--detach', scratch, known ? branch : from]);
      for (const [path, text] of Object.entries(files)) {
        const file = join(scratch, path);
        // A file may stand where the path has a directory.
        if (statSync(dirname(file), { throwIfNoEntry: false })?.isFile() === true) rmSync(dirname(file));
        rmSync(file, { recursive: true, force: true });
        if (text === null) continue;
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
      git(['add', '--all'], scratch);
      git(['commit', '--quiet', '--allow-empty', '-m', `work on ${branch}`], scratch);
      const commit = git(['rev-parse', 'HEAD'], scratch);
      git(['worktree', 'remove', '--force', scratch]);
      git(['update-ref', `refs/heads/${branch}`, commit]);
      return commit;
    },
    at: (name) => git(['rev-parse', '--verify', `${name}^{commit}`]),
    read: (name, path) => git(['show', `${name}:${path}`]),
    snapshot() {
      const refs = git(['for-each-ref', '--format=%(refname) %(objectname)'])
        .split('\n')
        .filter((line) => !/^refs\/(?:heads\/)?muxlet\//.test(line));
      const files = readdirSync(repository, { recursive: true, encoding: 'utf8' })
        .filter(
          (path) =>
            !path.startsWith('.git/') || /^\.git\/(?:HEAD|index|config|ORIG_HEAD|FETCH_HEAD|hooks\/)/.test(path),
        )
        .sort()
        .map((path) => `${path}: ${textOf(join(repository, path))}`);
      return [...refs, ...files].join('\n');
    },
    remove: () => {
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
