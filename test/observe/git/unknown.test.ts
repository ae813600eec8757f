import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeMark, type WorkTreeMark } from '../../../controller/api/work-tree-mark.ts';
import { seeWorkTrees } from '../../../controller/observe/git/list-work-trees.ts';
import { lookAtRepository } from '../../../controller/observe/git/look-at-repository.ts';
import { lookAtWork } from '../../../controller/observe/git/look-at-work.ts';
import { exists, isKnownGone } from '../../../controller/observe/git/or-nothing.ts';
import { resolveCommit } from '../../../controller/observe/git/resolve-commit.ts';
import { makeRepository, type Repository } from '../../e2e/git/repository.ts';

let root = '';
let repository: Repository;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'muxlet-git-'));
  repository = await makeRepository(join(root, 'shop'));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** A link to itself cannot be looked at, whoever looks; nor is there nothing. */
function unlookable(path: string): string {
  rmSync(path, { recursive: true, force: true });
  symlinkSync(path, path);
  return path;
}

const look = () => lookAtRepository({ path: repository.path, project: 'web', isClone: false, now: 1 });

async function markedTree(state: string): Promise<{ readonly tree: string; readonly admin: string }> {
  const tree = await repository.workTree('dev');
  const admin = join(repository.path, '.git', 'worktrees', 'shop-dev');
  const mark: WorkTreeMark = { project: 'web', uid: 'u', tree: 'dev', home: 'h', state, branch: 'dev', stage: 'Ready' };
  writeFileSync(join(admin, 'muxlet.json'), encodeMark(mark));
  return { tree, admin };
}

describe('what cannot be looked at', () => {
  test('is neither there nor gone', async () => {
    const path = unlookable(join(root, 'loop'));
    await expect(exists(path)).rejects.toThrow('ELOOP');
    expect(await isKnownGone(path)).toBe(false);
    expect(await exists(join(root, 'nothing'))).toBe(false);
    expect(await exists(join(repository.path, 'README', 'below a file'))).toBe(false);
    expect(await isKnownGone(join(root, 'nothing'))).toBe(true);
  });

  test('leaves a work tree there, and a controller in its state directory', async () => {
    const { tree } = await markedTree(unlookable(join(root, 'state')));
    const seen = await look();
    expect(seen.state === 'Known' && seen.value.entries[1]).toMatchObject({ path: tree, mark: { project: 'web' } });
    expect(seen.state === 'Known' && seen.value.entries[1]?.isAbandoned).toBeUndefined();
    unlookable(tree);
    expect((await seeWorkTrees(repository.path))[1]).toMatchObject({ path: tree, isThere: true });
    rmSync(tree);
    expect((await seeWorkTrees(repository.path))[1]).toMatchObject({ path: tree, isThere: false });
  });

  test('of a mark leaves the whole repository unknown: what is ours is not nobody’s', async () => {
    const { admin } = await markedTree(join(root, 'state'));
    unlookable(join(admin, 'muxlet.json'));
    expect(await look()).toMatchObject({ state: 'Unknown', message: expect.stringContaining('ELOOP') });
    rmSync(join(admin, 'muxlet.json'));
    expect(await look()).toMatchObject({ state: 'Known' });
  });

  test('among ignored folders counts as work of its own', async () => {
    writeFileSync(join(repository.path, '.git', 'info', 'exclude'), 'cache/\n');
    mkdirSync(join(repository.path, 'cache', 'inner'), { recursive: true });
    writeFileSync(join(repository.path, 'cache', 'inner', 'file'), '');
    expect(await lookAtWork(repository.path, 1)).toMatchObject({ state: 'Known' });
    await repository.git(['init', '--quiet', 'cache/inner']);
    unlookable(join(repository.path, 'cache', 'inner', '.git'));
    expect(await lookAtWork(repository.path, 1)).toMatchObject({ value: { within: 'cache/inner' } });
  });
});

describe('a name', () => {
  test('that git knows not is no commit', async () => {
    const head = await repository.git(['rev-parse', 'HEAD']);
    expect(await resolveCommit(repository.path, undefined, { isClone: false })).toBe(head);
    expect(await resolveCommit(repository.path, 'main', { isClone: true })).toBe(head);
    for (const name of ['next', 'HEAD:README', '-x', 'a b', '..', 'main~7', '']) {
      expect(await resolveCommit(repository.path, name, { isClone: false })).toBeUndefined();
    }
  });

  test('of which git cannot say is not taken for one that is missing', async () => {
    const asked = resolveCommit(join(root, 'no-repository'), 'main', { isClone: true });
    await expect(asked).rejects.toMatchObject({ code: 'MUX_COMMAND_FAILED' });
  });
});

test('of a clone that is broken, the repository around it is not taken for it', async () => {
  const path = join(repository.path, 'state', 'clone');
  mkdirSync(join(path, '.git'), { recursive: true });
  const found = await lookAtRepository({ path, project: 'web', isClone: true, now: 1 });
  expect(found).toMatchObject({ state: 'Unknown', reason: 'RepositoryUnreachable' });
});
