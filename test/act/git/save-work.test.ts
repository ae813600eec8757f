import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeWorkTree } from '../../../controller/act/git/remove-work-tree.ts';
import { cleanWorkTree, isStillSaved, saveWork } from '../../../controller/act/git/save-work.ts';
import { lookAtWork } from '../../../controller/observe/git/look-at-work.ts';
import { type TestRepository, testRepository } from './repository.ts';

const REF = 'refs/muxlet/kept/web/dev/now';
let repo: TestRepository;
beforeEach(() => {
  repo = testRepository({ '.gitignore': '*.local\n', 'a.txt': 'one\n', 'b.txt': 'two\n' });
});
afterEach(() => {
  repo.remove();
});

const save = () => saveWork({ tree: repo.tree, adminDir: repo.adminDir, ref: REF, message: 'saved' });

test('[S151] saves changes, new files and deletions upon the commit, and touches nothing of the work tree', async () => {
  repo.write(repo.tree, { 'a.txt': 'changed\n', 'new/c.txt': 'new\n', 'x.local': 'ignored\n' });
  rmSync(join(repo.tree, 'b.txt'));
  const status = repo.git(repo.tree, 'status', '--porcelain');
  const index = readFileSync(join(repo.adminDir, 'index'));
  const saved = await save();
  expect(saved.type).toBe('Saved');
  expect(repo.git(repo.tree, 'status', '--porcelain')).toBe(status);
  expect(repo.git(repo.tree, 'diff', '--cached', '--name-only')).toBe('');
  expect(readFileSync(join(repo.adminDir, 'index')).length).toBe(index.length);
  expect(repo.git(repo.checkout, 'ls-tree', '-r', '--name-only', REF).split('\n')).toEqual([
    '.gitignore',
    'a.txt',
    'new/c.txt',
  ]);
  expect(repo.git(repo.checkout, 'rev-parse', `${REF}^`)).toBe(repo.git(repo.tree, 'rev-parse', 'HEAD'));
});

test('what came after it is seen, and a work tree that was emptied is removed without force', async () => {
  repo.write(repo.tree, { 'a.txt': 'changed\n' });
  const saved = await save();
  const commit = saved.type === 'Saved' ? saved.commit : '';
  const place = { tree: repo.tree, adminDir: repo.adminDir };
  expect(await isStillSaved(place, commit)).toBe(true);
  repo.write(repo.tree, { 'late.txt': 'late\n' });
  expect(await isStillSaved(place, commit)).toBe(false);
  // Git itself refuses what is not clean.
  expect(await removeWorkTree(repo.checkout, { path: repo.tree, isLocked: false })).toMatchObject({ ok: false });
  expect(existsSync(repo.tree)).toBe(true);
  expect(await cleanWorkTree(repo.tree, repo.adminDir)).toEqual({ ok: true });
  expect(await removeWorkTree(repo.checkout, { path: repo.tree, isLocked: false })).toEqual({ ok: true });
  expect(existsSync(repo.tree)).toBe(false);
});

test('what is staged and not in the files any more is a parent of what is saved', async () => {
  repo.write(repo.tree, { 'a.txt': 'staged\n' });
  repo.git(repo.tree, 'add', 'a.txt');
  repo.write(repo.tree, { 'a.txt': 'one\n', 'b.txt': 'changed\n' });
  expect((await save()).type).toBe('Saved');
  expect(repo.git(repo.checkout, 'show', `${REF}:a.txt`)).toBe('one');
  expect(repo.git(repo.checkout, 'show', `${REF}^2:a.txt`)).toBe('staged');
  expect(repo.git(repo.checkout, 'rev-parse', `${REF}^2^`)).toBe(repo.git(repo.tree, 'rev-parse', 'HEAD'));
});

test('what a rebase has put aside is a parent of what is saved', async () => {
  repo.write(repo.tree, { 'b.txt': 'committed\n' });
  repo.git(repo.tree, 'commit', '--quiet', '--all', '--message', 'second');
  repo.write(repo.tree, { 'a.txt': 'put aside\n' });
  expect(() => repo.git(repo.tree, 'rebase', '--autostash', '--exec', 'false', 'HEAD~1')).toThrow('rebase');
  expect((await save()).type).toBe('Saved');
  expect(repo.git(repo.checkout, 'show', `${REF}^2:a.txt`)).toBe('put aside');
});

test('what git was told not to look at is saved, and keeps a work tree from going', async () => {
  repo.git(repo.tree, 'update-index', '--assume-unchanged', 'a.txt');
  repo.git(repo.tree, 'update-index', '--skip-worktree', 'b.txt');
  const changed = async () => {
    const look = await lookAtWork(repo.tree, 0);
    return look.state === 'Known' ? look.value.changed : undefined;
  };
  expect(await changed()).toBe(0);
  repo.write(repo.tree, { 'a.txt': 'hidden\n', 'b.txt': 'hidden as well\n' });
  expect(await changed()).toBe(2);
  const saved = await save();
  expect(repo.git(repo.checkout, 'show', `${REF}:a.txt`)).toBe('hidden');
  expect(repo.git(repo.checkout, 'show', `${REF}:b.txt`)).toBe('hidden as well');
  const commit = saved.type === 'Saved' ? saved.commit : '';
  expect(await isStillSaved({ tree: repo.tree, adminDir: repo.adminDir }, commit)).toBe(true);
});

test('a conflict in the middle of a merge is saved as it stands in the files', async () => {
  repo.write(repo.tree, { 'a.txt': 'mine\n' });
  repo.git(repo.tree, 'commit', '--quiet', '--all', '--message', 'mine');
  repo.write(repo.checkout, { 'a.txt': 'theirs\n' });
  repo.git(repo.checkout, 'commit', '--quiet', '--all', '--message', 'theirs');
  expect(() => repo.git(repo.tree, 'merge', 'main')).toThrow('merge');
  expect((await save()).type).toBe('Saved');
  expect(repo.git(repo.checkout, 'show', `${REF}:a.txt`)).toContain('<<<<<<<');
});

test('a repository within it cannot be saved, and is named', async () => {
  repo.write(repo.tree, { 'inner/file.txt': 'x\n' });
  const inner = join(repo.tree, 'inner');
  repo.git(inner, 'init', '--quiet');
  repo.git(inner, 'add', '--all');
  repo.git(inner, 'commit', '--quiet', '--message', 'inner');
  expect(await save()).toEqual({ type: 'Inseparable', path: 'inner' });
});

test('no hook runs, and a reference that is there is not moved', async () => {
  repo.write(repo.checkout, { '.git/hooks/pre-commit': '#!/bin/sh\nexit 1\n' });
  repo.write(repo.tree, { 'a.txt': 'changed\n' });
  const first = await save();
  repo.write(repo.tree, { 'a.txt': 'changed again\n' });
  expect(await save()).toMatchObject({ type: 'Failed' });
  expect(repo.git(repo.checkout, 'rev-parse', REF)).toBe(first.type === 'Saved' ? first.commit : '');
});
