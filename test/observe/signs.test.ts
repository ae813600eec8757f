import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lookAtFile } from '../../controller/observe/signs/look-at-file.ts';
import { lookAtPlan, tasksOf } from '../../controller/observe/signs/look-at-plan.ts';

let root: string;
let directory: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mx-'));
  directory = join(root, 'tree');
  mkdirSync(directory);
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const write = (path: string, text: string): void => {
  writeFileSync(join(directory, path), text);
};

describe('a plan', () => {
  test('is done when all of its tasks are ticked, and there is one', async () => {
    const plan = () => lookAtPlan({ directory, file: 'PLAN.md' });
    expect(await plan()).toEqual({ met: false, message: 'PLAN.md is not there' });
    write('PLAN.md', '# Plan\n\nNothing to do.\n');
    expect(await plan()).toEqual({ met: false, message: 'PLAN.md has no tasks' });
    write('PLAN.md', '- [x] parse\n- [ ] print it\n');
    expect(await plan()).toEqual({ met: false, message: 'PLAN.md: 1 of 2 tasks ticked, next: print it' });
    write('PLAN.md', '- [x] parse\n- [X] print it\n');
    expect(await plan()).toMatchObject({ met: true, message: 'PLAN.md: 2 of 2 tasks ticked' });
    write('PLAN.md', `- [x] all\n${' '.repeat(1024 * 1024)}`);
    expect(await plan()).toMatchObject({ met: false, message: /longer than/ });
  });

  test.each([
    ['* [ ] a star', 1],
    ['1. [x] a number\n  2) [ ] nested', 2],
    ['> - [ ] quoted', 1],
    ['- [ ]', 1],
    ['```\n- [ ] an example\n```\n- [x] real', 1],
    ['~~~~\n~~~\n- [ ] still an example\n~~~~', 0],
    ['- [y] no box\n- [x]no space\n[ ] no list', 0],
    ['- [x] with a return\r\n', 1],
  ])('%j has so many tasks: %i', (text, count) => {
    expect(tasksOf(text)).toHaveLength(count);
  });
});

describe('a file', () => {
  const look = (path: string, more: { since?: number; matching?: string } = {}) =>
    lookAtFile({ directory, path, since: 0, ...more });

  test('counts if it is newer than the attempt', async () => {
    write('DONE', '');
    utimesSync(join(directory, 'DONE'), 1000, 1000);
    expect(await look('DONE', { since: 1_000_000 })).toMatchObject({ met: true, at: 1_000_000 });
    expect(await look('DONE', { since: 1_001_000 })).toEqual({
      met: false,
      message: 'DONE is from before this attempt',
    });
  });

  test('matches by its text, line by line', async () => {
    write('DONE', 'notes\nall done\nmore');
    expect(await look('DONE', { matching: '^all done$' })).toMatchObject({ met: true });
    expect(await look('DONE', { matching: '^done$' })).toMatchObject({ met: false });
  });

  test('whose pattern takes too long does not match, and holds up nobody', async () => {
    write('DONE', `${'a'.repeat(60)}b`);
    expect(await look('DONE', { matching: '^(a+)+$' })).toMatchObject({ met: false });
  });

  test('that leads out of the directory, is a folder or a pipe is none', async () => {
    writeFileSync(join(root, 'secret'), 'root');
    symlinkSync(join(root, 'secret'), join(directory, 'link'));
    symlinkSync(root, join(directory, 'up'));
    symlinkSync('loop', join(directory, 'loop'));
    mkdirSync(join(directory, 'folder'));
    execFileSync('mkfifo', [join(directory, 'pipe')]);
    write('real', '');
    symlinkSync('real', join(directory, 'inside'));
    for (const path of ['link', 'up/secret'])
      expect((await look(path)).message).toContain('leads out of its directory');
    for (const path of ['folder', 'pipe']) expect((await look(path)).message).toContain('is no regular file');
    expect(await look('loop')).toMatchObject({ met: false, message: /cannot be read \(ELOOP\)/ });
    expect(await look('inside')).toMatchObject({ met: true });
    expect(await look('real/below')).toMatchObject({ met: false, message: /is not there/ });
  });
});
