import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fillWorkTree, repairLink, restoreFiles } from '../../../controller/act/git/fill-work-tree.ts';
import { type TestRepository, testRepository } from './repository.ts';

let repo: TestRepository;
beforeEach(() => {
  repo = testRepository({ 'a.txt': 'one\n' });
});
afterEach(() => {
  repo.remove();
});

test('a lock that a git left which was ended holds nobody up for ever; one that may be in use does', async () => {
  const lock = join(repo.adminDir, 'index.lock');
  rmSync(join(repo.adminDir, 'index'));
  writeFileSync(lock, '');
  expect(await fillWorkTree(repo.tree, repo.adminDir, true)).toMatchObject({ ok: false });
  utimesSync(lock, 1000, 1000);
  expect(await fillWorkTree(repo.tree, repo.adminDir, false)).toMatchObject({ ok: false });
  expect(await fillWorkTree(repo.tree, repo.adminDir, true)).toEqual({ ok: true });
  expect(repo.git(repo.tree, 'status', '--porcelain')).toBe('');
});

test('[S152] a folder that is gone comes back with what was staged in it', async () => {
  repo.write(repo.tree, { 'staged.txt': 'staged\n' });
  repo.git(repo.tree, 'add', 'staged.txt');
  rmSync(repo.tree, { recursive: true });
  expect(await repairLink(repo.tree, repo.adminDir)).toEqual({ ok: true });
  expect(await restoreFiles(repo.tree, repo.adminDir)).toEqual({ ok: true });
  expect(repo.git(repo.tree, 'status', '--porcelain')).toBe('A  staged.txt');
});

test("[S153] a damaged .git is written again, and no other work tree's is touched", async () => {
  const other = join(repo.root, 'other');
  repo.git(repo.checkout, 'worktree', 'add', '--quiet', other);
  for (const tree of [repo.tree, other]) writeFileSync(join(tree, '.git'), 'nonsense\n');
  repo.write(repo.tree, { 'a.txt': 'changed\n' });
  expect(await repairLink(repo.tree, repo.adminDir)).toEqual({ ok: true });
  expect(repo.git(repo.tree, 'status', '--porcelain')).toBe(' M a.txt');
  expect(readFileSync(join(other, '.git'), 'utf8')).toBe('nonsense\n');
  expect(existsSync(join(repo.adminDir, 'muxlet.git-file'))).toBe(false);
});
