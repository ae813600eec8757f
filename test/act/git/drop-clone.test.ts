import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dropClone } from '../../../controller/act/git/drop-clone.ts';
import { makeRepository, type Repository } from '../../support/repository.ts';

let root: string;
let around: Repository;
let clone: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muxlet-drop-clone-'));
  // A home that is a repository itself, as people keep their settings.
  around = makeRepository(root);
  around.commit({ 'settings.txt': 'x' });
  makeRepository(join(root, 'origin')).commit({ 'a.txt': 'a' });
  around.git('clone', '--quiet', '--no-checkout', 'origin', 'clone');
  around.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  clone = join(root, 'clone');
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

describe('a clone that nobody needs', () => {
  it('goes', async () => {
    expect(await dropClone(clone)).toBe(true);
    expect(readdirSync(root).toSorted()).toEqual(['.git', 'origin', 'settings.txt']);
  });

  it.each([
    ['a file that somebody left in it', () => writeFileSync(join(clone, 'a.txt'), 'changed')],
    ['what somebody staged', () => around.git('-C', clone, 'read-tree', 'HEAD')],
    ['a commit of its own', () => around.git('-C', clone, 'commit', '--quiet', '--allow-empty', '-m', 'x')],
    ['a repository that is broken', () => rmSync(join(clone, '.git', 'HEAD'))],
  ])('stays with %s', async (_, leave) => {
    leave();
    expect(await dropClone(clone)).toBe(false);
    expect(existsSync(clone)).toBe(true);
  });
});
