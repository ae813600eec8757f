import { existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { provideFiles } from '../../../controller/act/git/provide-files.ts';
import type { WorkTreeFile } from '../../../controller/api/generated/all.ts';
import { type TestRepository, testRepository } from './repository.ts';

let repo: TestRepository;
beforeEach(() => {
  repo = testRepository({ '.gitignore': '*.local\nnode_modules/\nlinked\n', 'config/tracked.txt': 'of the branch\n' });
});
afterEach(() => {
  repo.remove();
});

const provide = (...files: readonly WorkTreeFile[]) =>
  provideFiles({ checkout: repo.checkout, tree: repo.tree, files });
const text = (name: string): string => readFileSync(join(repo.tree, name), 'utf8');

test('[S159] copies files and folders, links, and leaves what is there as it is', async () => {
  repo.write(repo.checkout, {
    'a.local': 'a\n',
    'config/b.local': 'b\n',
    'node_modules/lib/index.js': 'lib\n',
    'linked/x': 'x\n',
    'config/tracked.txt': 'changed by its user\n',
  });
  repo.write(repo.tree, { 'a.local': "the agent's own\n" });
  const done = await provide(
    { path: 'a.local' },
    { path: 'config/b.local' },
    { path: 'config/tracked.txt' },
    { path: 'node_modules' },
    { path: 'linked', mode: 'Link' },
  );
  expect(done).toEqual({ ok: true });
  expect([
    text('a.local'),
    text('config/b.local'),
    text('config/tracked.txt'),
    text('node_modules/lib/index.js'),
  ]).toEqual(["the agent's own\n", 'b\n', 'of the branch\n', 'lib\n']);
  expect(readlinkSync(join(repo.tree, 'linked'))).toBe(join(repo.checkout, 'linked'));
  expect(repo.git(repo.tree, 'status', '--porcelain')).toBe('');
});

test('[S159] refuses what git would not ignore, whole folders in which one file is such among it', async () => {
  repo.write(repo.checkout, { 'CLAUDE.md': 'mine\n', 'mixed/a.local': 'a\n', 'mixed/plain.txt': 'p\n' });
  expect(await provide({ path: 'CLAUDE.md' })).toMatchObject({ ok: false, reason: 'FileNotIgnored' });
  expect(await provide({ path: 'mixed' })).toMatchObject({
    reason: 'FileNotIgnored',
    message: expect.stringContaining('mixed/plain.txt'),
  });
  expect(existsSync(join(repo.tree, 'mixed'))).toBe(false);
});

test('says of a link why a pattern for folders does not match it', async () => {
  repo.write(repo.checkout, { 'node_modules/x': 'x\n' });
  expect(await provide({ path: 'node_modules', mode: 'Link' })).toMatchObject({
    reason: 'FileNotIgnored',
    message: expect.stringContaining('a link is no folder to git'),
  });
});

test('names a file that is missing, unless it may be', async () => {
  expect(await provide({ path: 'nothing.local' })).toMatchObject({ reason: 'FileMissing' });
  expect(await provide({ path: 'nothing.local', optional: true })).toEqual({ ok: true });
  const bare = await provideFiles({ checkout: undefined, tree: repo.tree, files: [{ path: 'a.local' }] });
  expect(bare).toMatchObject({ reason: 'FileMissing' });
});

test('never writes through a symbolic link of the branch', async () => {
  const outside = join(repo.root, 'outside');
  mkdirSync(outside);
  rmSync(join(repo.tree, 'config'), { recursive: true });
  symlinkSync(outside, join(repo.tree, 'config'));
  repo.write(repo.checkout, { 'config/b.local': 'b\n' });
  expect(await provide({ path: 'config/b.local' })).toEqual({ ok: true });
  expect(existsSync(join(outside, 'b.local'))).toBe(false);
});

test('copies those ignored files that .worktreeinclude names, and no others', async () => {
  repo.write(repo.checkout, {
    '.worktreeinclude': '*.local\n!secret.local\nnotes.txt\n',
    'a.local': 'a\n',
    'deep/b.local': 'b\n',
    'secret.local': 's\n',
    'notes.txt': 'not ignored\n',
  });
  expect(await provide()).toEqual({ ok: true });
  expect([text('a.local'), text('deep/b.local')]).toEqual(['a\n', 'b\n']);
  expect(existsSync(join(repo.tree, 'secret.local'))).toBe(false);
  expect(existsSync(join(repo.tree, 'notes.txt'))).toBe(false);
  expect(lstatSync(join(repo.tree, 'a.local')).isFile()).toBe(true);
});
