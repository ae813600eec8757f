import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFolder } from '../../../controller/store/messages/folder.ts';

interface Item {
  readonly text: string;
}

let directory: string;
let broken: string[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'folder-'));
  broken = [];
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function open() {
  const read = (raw: unknown): Item | undefined =>
    typeof raw === 'object' && raw !== null && 'text' in raw ? (raw as Item) : undefined;
  return createFolder(directory, read, (path) => broken.push(path));
}

function write(name: string, value: unknown): void {
  const temporary = join(directory, `.${name}.tmp`);
  writeFileSync(temporary, typeof value === 'string' ? value : JSON.stringify(value));
  renameSync(temporary, join(directory, `${name}.json`));
}

test('what stands in the folder is listed by name', async () => {
  write('b', { text: 'second' });
  write('a', { text: 'first' });
  expect([...(await open().list())]).toEqual([
    ['a', { text: 'first' }],
    ['b', { text: 'second' }],
  ]);
});

test('[S90] a file that is as it was is not read again, however many there are', async () => {
  write('a', { text: 'first' });
  const folder = open();
  const before = (await folder.list()).get('a');
  expect((await folder.list()).get('a')).toBe(before);
  write('a', { text: 'other' });
  expect((await folder.list()).get('a')).toEqual({ text: 'other' });
});

test('a FIFO, a folder, a link to nothing and a file without end keep nobody waiting', async () => {
  execFileSync('mkfifo', [join(directory, 'fifo.json')]);
  mkdirSync(join(directory, 'folder.json'));
  symlinkSync('/dev/zero', join(directory, 'endless.json'));
  symlinkSync('/nowhere', join(directory, 'lost.json'));
  write('a', { text: 'first' });
  const folder = open();
  await folder.list();
  expect([...(await folder.list()).keys()]).toEqual(['a']);
  expect(broken.sort()).toEqual(['endless', 'fifo', 'folder'].map((name) => join(directory, `${name}.json`)));
});

test('what is no JSON is told of once', async () => {
  write('a', '{"text": ');
  const folder = open();
  await folder.list();
  await folder.list();
  expect(broken).toEqual([join(directory, 'a.json')]);
});

test('[S90] a folder that cannot be read is not an empty one', async () => {
  const inFile = createFolder(
    join(directory, 'a.json'),
    () => ({ text: '' }),
    () => undefined,
  );
  write('a', { text: 'first' });
  await expect(inFile.list()).rejects.toThrow('ENOTDIR');
  const nowhere = createFolder(
    join(directory, 'nowhere'),
    () => ({ text: '' }),
    () => undefined,
  );
  expect((await nowhere.list()).size).toBe(0);
});
