import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fillWorkTree, restoreFiles } from '../../../controller/act/git/fill-work-tree.ts';
import { cleanWorkTree, isStillSaved, saveWork } from '../../../controller/act/git/save-work.ts';
import { type TestRepository, testRepository } from './repository.ts';

let repo: TestRepository;
let around: TestRepository;
/** A work tree that stands within a person's checkout of something else, and has lost its .git. */
beforeEach(() => {
  repo = testRepository({ 'a.txt': 'one\n' });
  around = testRepository({ 'mine.txt': 'one\n' });
  const tree = join(around.checkout, 'state', 'tree');
  around.write(around.checkout, { 'state/note.txt': 'mine\n' });
  repo.git(repo.checkout, 'worktree', 'move', repo.tree, tree);
  around.write(around.checkout, { 'mine.txt': 'not committed\n' });
  repo.write(tree, { 'a.txt': 'changed\n', 'new.txt': 'new\n' });
  rmSync(join(tree, '.git'));
});
afterEach(() => {
  repo.remove();
  around.remove();
});

const tree = (): string => join(around.checkout, 'state', 'tree');

test('what empties, fills and saves a work tree reaches no repository around it', async () => {
  const status = around.git(around.checkout, 'status', '--porcelain');
  const refs = around.git(around.checkout, 'for-each-ref');
  const saved = await saveWork({ tree: tree(), adminDir: repo.adminDir, ref: 'refs/muxlet/kept/x', message: 'saved' });
  expect(saved).toMatchObject({ type: 'Saved' });
  expect(repo.git(repo.checkout, 'show', 'refs/muxlet/kept/x:new.txt')).toBe('new');
  const commit = saved.type === 'Saved' ? saved.commit : '';
  expect(await isStillSaved({ tree: tree(), adminDir: repo.adminDir }, commit)).toBe(true);
  expect(await cleanWorkTree(tree(), repo.adminDir)).toEqual({ ok: true });
  expect(existsSync(join(tree(), 'new.txt'))).toBe(false);
  rmSync(join(tree(), 'a.txt'));
  expect(await restoreFiles(tree(), repo.adminDir)).toEqual({ ok: true });
  expect(await fillWorkTree(tree(), repo.adminDir, true)).toEqual({ ok: true });
  expect(readFileSync(join(tree(), 'a.txt'), 'utf8')).toBe('one\n');
  expect(around.git(around.checkout, 'status', '--porcelain')).toBe(status);
  expect(around.git(around.checkout, 'for-each-ref')).toBe(refs);
  expect(readFileSync(join(around.checkout, 'mine.txt'), 'utf8')).toBe('not committed\n');
});
