import { describe, expect, test } from 'vitest';
import type { FolderLook, RepositoryLook, TreeEntry } from '../../../controller/api/repository-look.ts';
import type { WorkTreeMark } from '../../../controller/api/work-tree-mark.ts';
import { planTree } from '../../../controller/reconcile/workspace/plan-tree.ts';

const PATH = '/src/app.worktrees/web/dev';
const ADMIN = '/src/app/.git/worktrees/dev';
const ASKER = { project: 'web', uid: 'u1', home: 'h1' };
const MARK: WorkTreeMark = {
  project: 'web',
  uid: 'u1',
  tree: 'dev',
  home: 'h1',
  state: '/state',
  branch: 'muxlet/web/dev',
  stage: 'Ready',
};
const LOCK = { project: 'web', tree: 'dev', home: 'h1' };
const OURS: TreeEntry = { path: PATH, branch: 'muxlet/web/dev', adminDir: ADMIN, mark: MARK, hasIndex: true };
const LINKED: FolderLook = { type: 'WorkTree', adminDir: ADMIN, exists: true };

function plan(
  folder: FolderLook,
  entries: readonly TreeEntry[] = [],
  branches: RepositoryLook['branches'] = new Map(),
) {
  return planTree({
    asker: ASKER,
    wanted: { name: 'dev', agents: ['dev'], path: PATH, branch: 'muxlet/web/dev', env: [] },
    realPath: PATH,
    repository: {
      commonDir: '/src/app/.git',
      entries: [{ path: '/src/app', branch: 'main' }, ...entries],
      branches,
      kept: new Map(),
    },
    folder,
    base: 'base',
  });
}

describe('where nothing of it is known to git', () => {
  test('it is added with a branch that begins at the base', () => {
    expect(plan({ type: 'Nothing' })).toEqual({ type: 'Add', branch: 'muxlet/web/dev', from: 'base' });
    expect(plan({ type: 'Empty' })).toMatchObject({ type: 'Add' });
  });

  test('its branch is used as it is', () => {
    const branches = new Map([['muxlet/web/dev', 'tip']]);
    expect(plan({ type: 'Nothing' }, [], branches)).toEqual({ type: 'Add', branch: 'muxlet/web/dev' });
  });

  test('[S150] a branch that is checked out elsewhere is followed by another that goes on from it', () => {
    const branches = new Map([['muxlet/web/dev', 'tip']]);
    const elsewhere = { path: '/elsewhere', branch: 'muxlet/web/dev' };
    expect(plan({ type: 'Nothing' }, [elsewhere], branches)).toEqual({
      type: 'Add',
      branch: 'muxlet/web/dev.2',
      from: 'tip',
    });
    const second = new Map([...branches, ['muxlet/web/dev.2', 'later']]);
    expect(plan({ type: 'Nothing' }, [elsewhere], second)).toEqual({ type: 'Add', branch: 'muxlet/web/dev.2' });
  });

  test('there is an end to other names', () => {
    const all = Array.from({ length: 30 }, (_, at) => ({
      path: `/elsewhere/${at}`,
      branch: at === 0 ? 'muxlet/web/dev' : `muxlet/web/dev.${at + 1}`,
    }));
    expect(plan({ type: 'Nothing' }, all)).toMatchObject({ type: 'Refused', reason: 'BranchInUse' });
  });

  test.each<[string, FolderLook, string]>([
    ['a file', { type: 'NoFolder' }, 'WorkTreeForeign'],
    ['a plain folder', { type: 'Plain' }, 'WorkTreeForeign'],
    ['a repository', { type: 'Repository' }, 'WorkTreeForeign'],
    [
      'a work tree of another repository',
      { type: 'WorkTree', adminDir: '/other/.git/worktrees/x', exists: true },
      'WorkTreeForeign',
    ],
    ['a work tree whose record is gone', { type: 'WorkTree', adminDir: ADMIN, exists: false }, 'WorkTreeBroken'],
  ])('[S149] %s in its place is left alone', (_, folder, reason) => {
    expect(plan(folder)).toMatchObject({ type: 'Refused', reason });
  });
});

describe('where git has it', () => {
  test('it is used as it is if it is ours', () => {
    expect(plan(LINKED, [OURS])).toEqual({
      type: 'Ready',
      adminDir: ADMIN,
      branch: 'muxlet/web/dev',
      isTakenUp: false,
    });
    const reset = { ...OURS, mark: { ...MARK, uid: 'before' } };
    expect(plan(LINKED, [reset])).toMatchObject({ type: 'Ready', isTakenUp: true });
  });

  test.each<[string, Partial<TreeEntry>]>([
    ['nobody', {}],
    ['another project', { mark: { ...MARK, project: 'other' } }],
    ['another controller', { mark: { ...MARK, home: 'h2' } }],
    ['another controller, by its lock', { lockMark: { ...LOCK, home: 'h2' } }],
  ])('[S149] [S154] one that bears the mark of %s is left alone', (_, marks) => {
    const { mark: _mark, ...unmarked } = OURS;
    expect(plan(LINKED, [{ ...unmarked, ...marks }])).toMatchObject({ type: 'Refused', reason: 'WorkTreeForeign' });
  });

  test('one whose state directory was moved is taken up by the same object alone', () => {
    const moved = { ...OURS, mark: { ...MARK, home: 'h0' }, isAbandoned: true as const };
    expect(plan(LINKED, [moved])).toMatchObject({ type: 'Ready', isTakenUp: true });
    const others = { ...moved, mark: { ...moved.mark, uid: 'u2' } };
    expect(plan(LINKED, [others])).toMatchObject({ type: 'Refused' });
  });

  test('one that was broken off goes on where it was', () => {
    const { mark: _mark, hasIndex: _index, ...bare } = OURS;
    expect(plan(LINKED, [{ ...bare, lockMark: LOCK }])).toMatchObject({ type: 'Finish', stage: 'Added' });
    const added = { ...bare, mark: { ...MARK, stage: 'Added' as const } };
    expect(plan(LINKED, [added])).toMatchObject({ type: 'Finish', stage: 'Added' });
    // Its files are there, and may be somebody's work: they are not checked out over.
    expect(plan(LINKED, [{ ...added, hasIndex: true }])).toMatchObject({ type: 'Finish', stage: 'Filled' });
    expect(plan(LINKED, [{ ...bare, lockMark: LOCK, hasIndex: true }])).toMatchObject({
      type: 'Finish',
      stage: 'Filled',
    });
  });

  test.each<[string, FolderLook, boolean]>([
    ['a folder that is gone', { type: 'Nothing' }, true],
    ['a .git that is gone', { type: 'Plain' }, false],
    ['a .git that makes no sense', { type: 'Corrupt' }, false],
    ['a .git that leads nowhere', { type: 'WorkTree', adminDir: '/gone', exists: false }, false],
  ])('[S152] [S153] %s is put right', (_, folder, isGone) => {
    expect(plan(folder, [OURS])).toMatchObject({ type: 'Repair', isGone, stage: 'Ready' });
  });

  test('[S152] one that somebody locked may be away for a while', () => {
    const locked = { ...OURS, locked: 'on a stick' };
    expect(plan({ type: 'Nothing' }, [locked])).toMatchObject({ type: 'Refused', reason: 'WorkTreeLocked' });
    expect(plan(LINKED, [locked])).toMatchObject({ type: 'Ready' });
  });

  test('[S153] one in whose place there is something else is left alone', () => {
    expect(plan({ type: 'Repository' }, [OURS])).toMatchObject({ type: 'Refused', reason: 'WorkTreeBroken' });
    const other: FolderLook = { type: 'WorkTree', adminDir: '/other/.git/worktrees/x', exists: true };
    expect(plan(other, [OURS])).toMatchObject({ type: 'Refused', reason: 'WorkTreeForeign' });
  });
});
