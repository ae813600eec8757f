import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GitBase } from '../../../controller/api/workspace.ts';
import { systemClock } from '../../../controller/exec/clock.ts';
import { createGitEyes, type GitEyes } from '../../../controller/observe/git/open-work-tree.ts';
import { makeRepository, type Repository } from '../../e2e/git/repository.ts';

let root = '';
let repository: Repository;
let eyes: GitEyes;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'muxlet-git-'));
  repository = await makeRepository(join(root, 'shop'));
  eyes = createGitEyes(systemClock);
});

afterEach(() => {
  eyes.close();
  rmSync(root, { recursive: true, force: true });
});

async function open(directory: string, top?: string) {
  const tree = await eyes.open(directory, top);
  if (tree === undefined) throw new Error(`${directory} lies in no work tree`);
  return tree;
}

async function look(directory: string, base?: GitBase) {
  const seen = await (await open(directory)).look(base);
  if (seen.state !== 'Known') throw new Error(seen.message);
  return seen.value;
}

describe('a look', () => {
  test('counts from HEAD where nothing else is said, and from a base where it is', async () => {
    const base = await repository.git(['rev-parse', 'HEAD']);
    const fresh = await look(repository.path);
    expect(fresh.status).toMatchObject({
      branch: 'main',
      head: base,
      base,
      ahead: 0,
      behind: 0,
      subject: 'add README',
    });
    expect(fresh.commits).toEqual([]);
    expect(fresh.movedAt).toBeGreaterThan(Date.now() - 60_000);
    const head = await repository.commit(repository.path, 'a', 'one\n\nwhy');
    const { status, commits } = await look(repository.path, base);
    expect(status).toMatchObject({ head, base, ahead: 1, behind: 0, changed: 0, untracked: 0, subject: 'one' });
    expect(commits).toEqual([{ hash: head, at: expect.any(Number), message: 'one\n\nwhy' }]);
  });

  test('counts from nothing where there was no commit', async () => {
    const path = join(root, 'new');
    mkdirSync(path);
    await repository.git(['init', '--quiet', '--initial-branch=main', path]);
    expect((await look(path)).status).toEqual({ branch: 'main', changed: 0, untracked: 0 });
    await repository.commit(path, 'a');
    const { status, commits } = await look(path, null);
    expect(status).toMatchObject({ ahead: 1, behind: 0 });
    expect(status.base).toBeUndefined();
    expect(commits).toHaveLength(1);
  });

  test('a base that is gone, or none at all, leaves the rest known', async () => {
    for (const base of ['f'.repeat(40), '--output=/tmp/muxlet-never', 'no-such-ref']) {
      const { status } = await look(repository.path, base);
      expect(status).toMatchObject({ branch: 'main', base, subject: 'add README' });
      expect(status.ahead).toBeUndefined();
    }
    expect(existsSync('/tmp/muxlet-never')).toBe(false);
  });

  test('tells of at most 200 commits, and counts them all', async () => {
    const base = await repository.git(['rev-parse', 'HEAD']);
    const stream = Array.from({ length: 230 }, (_, index) => {
      const from = index === 0 ? `from ${base}\n` : '';
      return `commit refs/heads/main\ncommitter a <a@example.com> ${1_700_000_000 + index} +0000\ndata 2\nc\n${from}`;
    });
    execFileSync('git', ['fast-import', '--quiet'], { cwd: repository.path, input: stream.join('\n') });
    const { status, commits } = await look(repository.path, base);
    expect(status.ahead).toBe(230);
    expect(commits).toHaveLength(200);
    expect(commits[0]?.at).toBe((1_700_000_000 + 229) * 1000);
  });

  test.each([
    ['merge', ['merge', '--quiet', 'other']],
    ['rebase', ['rebase', '--quiet', 'other']],
    ['cherry-pick', ['cherry-pick', 'other']],
    ['revert', ['revert', '--no-edit', 'HEAD~1']],
    ['bisect', ['bisect', 'start']],
  ])('says that a %s is under way', async (operation, command) => {
    await repository.git(['checkout', '--quiet', '-b', 'other']);
    await repository.commit(repository.path, 'a', 'theirs');
    writeFileSync(join(repository.path, 'a'), 'theirs');
    await repository.git(['commit', '--quiet', '--all', '--message=theirs again']);
    await repository.git(['checkout', '--quiet', 'main']);
    await repository.commit(repository.path, 'a', 'ours');
    writeFileSync(join(repository.path, 'a'), 'ours');
    await repository.git(['commit', '--quiet', '--all', '--message=ours again']);
    await repository.git(command).catch(() => undefined);
    expect((await look(repository.path)).status.operation).toBe(operation);
  });

  test('[S162] takes no lock, refreshes no index, and is not kept by the locks of others', async () => {
    const git = join(repository.path, '.git');
    const face = () => [
      readFileSync(join(git, 'index')),
      statSync(join(git, 'index')).mtimeMs,
      statSync(git).mtimeMs,
      readdirSync(git),
    ];
    // Touched, so that git would like to write down what it finds to be unchanged.
    writeFileSync(join(repository.path, 'README'), 'README\n');
    const free = face();
    expect((await look(repository.path)).status).toMatchObject({ changed: 0, untracked: 0 });
    expect(face()).toEqual(free);
    for (const lock of ['index.lock', 'HEAD.lock', 'packed-refs.lock', 'refs/heads/main.lock', 'gc.pid']) {
      writeFileSync(join(git, lock), '');
    }
    const held = face();
    expect((await look(repository.path)).status).toMatchObject({ changed: 0, untracked: 0 });
    expect(face()).toEqual(held);
  });

  test('[S155] starts nothing that the repository names: no monitor, no pager, no hook', async () => {
    const tripped = join(root, 'tripped');
    for (const setting of ['core.fsmonitor', 'core.pager', 'pager.log', 'core.sshCommand', 'log.showSignature']) {
      const value = setting === 'log.showSignature' ? 'true' : `touch ${tripped}; cat`;
      await repository.git(['config', setting, value]);
    }
    await look(repository.path, null);
    expect(existsSync(tripped)).toBe(false);
  });

  test('what cannot be looked at is Unknown, with what git says of it', async () => {
    const tree = await open(repository.path);
    rmSync(join(repository.path, '.git', 'HEAD'));
    expect(await tree.look(undefined)).toMatchObject({ state: 'Unknown', reason: 'GitFailed' });
    rmSync(repository.path, { recursive: true });
    expect(await tree.look(undefined)).toMatchObject({ state: 'Unknown', reason: 'GitFailed' });
  });
});

describe('where a work tree is', () => {
  test('is found from below, by its own directory and by a file', async () => {
    const below = join(repository.path, 'a', 'b');
    mkdirSync(below, { recursive: true });
    expect((await look(below)).status.branch).toBe('main');
    const linked = await repository.workTree('one');
    expect((await look(linked)).status.branch).toBe('one');
  });

  test('is not where there is none, nor where another one was meant', async () => {
    expect(await eyes.open(root, undefined)).toBeUndefined();
    expect(
      await eyes.open(join(repository.path, 'not-made-yet'), join(repository.path, 'not-made-yet')),
    ).toBeUndefined();
    expect(await eyes.open(join(root, 'gone', 'for', 'good'), undefined)).toBeUndefined();
  });

  test('one whose link is corrupt is found, and Unknown', async () => {
    const linked = await repository.workTree('one');
    for (const text of ['', 'gitdir: /nonexistent', '\0\0']) {
      writeFileSync(join(linked, '.git'), text);
      expect(await (await open(linked)).look(undefined)).toMatchObject({ state: 'Unknown', reason: 'GitFailed' });
    }
  });
});

test("what an agent puts in the place of git's files holds nobody up", async () => {
  const linked = await repository.workTree('one');
  const tree = await open(linked);
  const head = join(repository.path, '.git', 'worktrees', 'shop-one', 'HEAD');
  rmSync(head);
  execFileSync('mkfifo', [head]);
  expect(await tree.mark()).toEqual(expect.any(String));
  rmSync(join(linked, '.git'));
  execFileSync('mkfifo', [join(linked, '.git')]);
  expect(await (await open(linked)).mark()).toEqual(expect.any(String));
  rmSync(join(linked, '.git'));
  writeFileSync(join(linked, '.git'), `gitdir: ${'x'.repeat(100_000)}`);
  expect(await (await open(linked)).mark()).toEqual(expect.any(String));
});

describe('the mark', () => {
  const steps: Record<string, (tree: string) => Promise<unknown>> = {
    'a commit': (tree) => repository.commit(tree, 'a'),
    'an addition': async (tree) => {
      writeFileSync(join(tree, 'README'), 'x');
      await repository.git(['add', 'README'], tree);
    },
    'another branch': (tree) => repository.git(['checkout', '--quiet', '-b', 'two'], tree),
    'a branch that is moved from elsewhere': async () => {
      const commit = await repository.git(['commit-tree', 'HEAD^{tree}', '-m', 'x']);
      await repository.git(['update-ref', 'refs/heads/one', commit]);
    },
    'a new file at the top': async (tree) => writeFileSync(join(tree, 'new'), ''),
  };
  test.each(Object.keys(steps))('differs after %s, and stays while nothing happens', async (step) => {
    const directory = await repository.workTree('one');
    const tree = await open(directory);
    const before = await tree.mark();
    await tree.look(undefined);
    expect(await tree.mark()).toBe(before);
    await steps[step]?.(directory);
    expect(await tree.mark()).not.toBe(before);
  });

  test('a commit is told of at once where it is watched, and no look is', async () => {
    const directory = await repository.workTree('one');
    const tree = await open(directory);
    let told = 0;
    const unwatch = await tree.watch(() => {
      told += 1;
    });
    await tree.look(undefined);
    await tree.mark();
    expect(told).toBe(0);
    await repository.commit(directory, 'a');
    await expect.poll(() => told).toBeGreaterThan(0);
    unwatch?.();
  });
});
