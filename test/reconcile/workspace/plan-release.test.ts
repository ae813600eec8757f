import { describe, expect, test } from 'vitest';
import type { RepositoryLook, TreeEntry, WorkLook } from '../../../controller/api/repository-look.ts';
import type { WorkTreeMark } from '../../../controller/api/work-tree-mark.ts';
import type { LeavingInput } from '../../../controller/api/work-tree-plan.ts';
import {
  keptRef,
  leavingBranches,
  leavingTrees,
  planLeaving,
} from '../../../controller/reconcile/workspace/plan-release.ts';

const ASKER = { project: 'web', uid: 'u1', home: 'h1' };
const mark = (tree: string): WorkTreeMark => ({
  ...ASKER,
  tree,
  state: '/state',
  branch: `muxlet/web/${tree}`,
  stage: 'Ready',
});
const entry = (tree: string): TreeEntry => ({
  path: `/trees/${tree}`,
  branch: `muxlet/web/${tree}`,
  adminDir: `/admin/${tree}`,
  mark: mark(tree),
  hasIndex: true,
});
const CLEAN: WorkLook = { head: 'c1', branch: 'muxlet/web/dev', changed: 0, untracked: 0, isHeadSafe: true };
const DIRTY: WorkLook = { ...CLEAN, changed: 1, untracked: 2 };

function leave(more: Partial<LeavingInput>) {
  const leaving = { entry: entry('dev'), tree: 'dev' };
  return planLeaving({ leaving, work: CLEAN, occupants: [], onDelete: 'Keep', isReset: false, ...more });
}

describe('[S151] a work tree that is to go', () => {
  test('is removed if nothing in it is uncommitted', () => {
    expect(leave({})).toEqual({ type: 'Remove' });
    expect(leave({ onDelete: 'Save' })).toEqual({ type: 'Remove' });
  });

  test('stays, is saved or is emptied as the spec says', () => {
    expect(leave({ work: DIRTY })).toMatchObject({
      type: 'Keep',
      message: expect.stringContaining('1 changed, 2 untracked'),
    });
    expect(leave({ work: DIRTY, onDelete: 'Save' })).toEqual({ type: 'Save' });
    expect(leave({ work: DIRTY, onDelete: 'Discard' })).toEqual({ type: 'Discard' });
  });

  test('is saved where the next one takes its place', () => {
    expect(leave({ work: DIRTY, isReset: true })).toEqual({ type: 'Save' });
  });

  test.each(['Keep', 'Save', 'Discard'] as const)(
    'has commits that no branch has saved, with onDelete %s',
    (onDelete) => {
      expect(leave({ work: { ...CLEAN, isHeadSafe: false }, onDelete })).toEqual({ type: 'Remove', saveHead: 'c1' });
    },
  );

  test('stays while somebody else has locked it, or works in it, whatever the spec says', () => {
    const locked = { entry: { ...entry('dev'), locked: 'mine' }, tree: 'dev' };
    expect(leave({ leaving: locked, onDelete: 'Discard' })).toMatchObject({
      type: 'Keep',
      message: 'it is locked: mine',
    });
    expect(leave({ occupants: [7], onDelete: 'Discard' })).toMatchObject({ type: 'Keep' });
  });

  test('goes without further ado if nothing was ever checked out, or its folder is gone', () => {
    const { hasIndex: _index, ...bare } = entry('dev');
    const leaving = { entry: { ...bare, mark: { ...mark('dev'), stage: 'Added' as const } }, tree: 'dev' };
    expect(leave({ leaving, work: DIRTY })).toEqual({ type: 'Discard' });
    const { work: _work, ...gone } = { leaving: { entry: entry('dev'), tree: 'dev' }, work: CLEAN };
    const going = { ...gone, occupants: [], onDelete: 'Keep' as const, isReset: false };
    expect(planLeaving(going)).toEqual({ type: 'Remove', saveStaged: true });
    expect(planLeaving({ ...going, onDelete: 'Discard' })).toEqual({ type: 'Remove' });
    const loose = { entry: { ...entry('dev'), head: 'c9' }, tree: 'dev' };
    expect(planLeaving({ ...going, leaving: loose, isHeadSafe: false })).toEqual({
      type: 'Remove',
      saveHead: 'c9',
      saveStaged: true,
    });
  });

  test('stays or is saved with a rebase under way, and stays with work in a repository of its own', () => {
    const rebasing = { ...CLEAN, underWay: 'rebase' };
    expect(leave({ work: rebasing })).toEqual({
      type: 'Keep',
      message: 'it holds uncommitted work: a rebase under way',
    });
    expect(leave({ work: rebasing, onDelete: 'Save' })).toEqual({ type: 'Save' });
    for (const onDelete of ['Keep', 'Save', 'Discard'] as const) {
      expect(leave({ work: { ...CLEAN, within: 'lib' }, onDelete })).toMatchObject({ type: 'Keep' });
    }
  });
});

const LOOK: RepositoryLook = {
  commonDir: '/src/.git',
  entries: [{ path: '/src', branch: 'main' }, entry('dev'), entry('old'), entry('shared')],
  branches: new Map(['dev', 'old', 'old.2', 'older', 'shared'].map((name) => [`muxlet/web/${name}`, name])),
  kept: new Map(),
};

test('of a project that stays, only those go whose agents it has no more', () => {
  const request = { agents: ['dev'], trees: [] };
  expect(leavingTrees(LOOK, request, ASKER).map(({ tree }) => tree)).toEqual(['old']);
  expect(leavingTrees(LOOK, { ...request, release: 'Removed' }, ASKER).map(({ tree }) => tree)).toEqual([
    'dev',
    'old',
    'shared',
  ]);
});

test("nobody else's ever goes", () => {
  const request = { agents: [], trees: [], release: 'Removed' } as const;
  for (const asker of [
    { ...ASKER, project: 'we' },
    { ...ASKER, home: 'h2' },
  ]) {
    expect(leavingTrees(LOOK, request, asker)).toEqual([]);
  }
});

test('branches go after their work trees, with the further names that they were given', () => {
  const entries = LOOK.entries.filter(({ path }) => path !== '/trees/old');
  const names = (request: Parameters<typeof leavingBranches>[1], gone: readonly string[]) =>
    leavingBranches({ ...LOOK, entries }, request, gone).map(({ branch }) => branch);
  expect(names({ project: 'web', agents: ['dev'] }, ['old'])).toEqual(['muxlet/web/old', 'muxlet/web/old.2']);
  expect(names({ project: 'web', agents: ['dev', 'old'] }, ['old'])).toEqual([]);
  expect(names({ project: 'web', agents: [], release: 'Removed' }, [])).toEqual([
    'muxlet/web/old',
    'muxlet/web/old.2',
    'muxlet/web/older',
  ]);
});

test('what is kept has a name that git takes, and tells when', () => {
  expect(keptRef('web', 'dev', Date.UTC(2026, 0, 2, 3, 4, 5, 6))).toBe('refs/muxlet/kept/web/dev/20260102T030405-006Z');
});
