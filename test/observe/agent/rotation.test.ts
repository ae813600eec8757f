import { execFile } from 'node:child_process';
import { appendFileSync, chmodSync, closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { boundRecords } from '../../../controller/act/agent/bound-records.ts';
import { hookScript } from '../../../controller/act/agent/hook-script.ts';
import { openRecords, type RecordFile } from '../../../controller/observe/agent/records.ts';

let dir = '';
let path = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mx-rotation-'));
  path = join(dir, 'hooks.json-seq');
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const record = (n: number): string => `\u001e${1000 + n} {"n":${n}}\n`;
const numbers = async (file: RecordFile): Promise<unknown[]> =>
  (await file.read()).map(({ value }) => (value as { n: unknown }).n);
const putAside = (): void => {
  boundRecords(path, 0);
};

test('what came just before the file was put aside is read before what came after', async () => {
  const file = openRecords(path, 'Hook', 0);
  writeFileSync(path, record(1));
  expect(await numbers(file)).toEqual([1]);
  appendFileSync(path, record(2));
  putAside();
  expect(await numbers(file)).toEqual([2]);
  writeFileSync(path, record(3) + record(4));
  expect(await numbers(file)).toEqual([3, 4]);
});

test('between the two there may be no file, and then at once one that is longer than what is read of a new one', async () => {
  const file = openRecords(path, 'Hook', 0);
  writeFileSync(path, record(1));
  expect(await numbers(file)).toEqual([1]);
  putAside();
  const long = Array.from({ length: 100_000 }, (_, n) => record(n));
  writeFileSync(path, long.join(''));
  expect(await numbers(file)).toEqual(long.map((_, n) => n));
});

test('a writer that had opened the file before goes on in it, and no half record of one file ends up in the other', async () => {
  const file = openRecords(path, 'Hook', 0);
  writeFileSync(path, record(1));
  expect(await numbers(file)).toEqual([1]);
  const writer = openSync(path, 'a');
  putAside();
  const [half, rest] = [record(3).slice(0, 9), record(3).slice(9)];
  writeFileSync(path, half);
  expect(await numbers(file)).toEqual([]);
  writeSync(writer, record(2).slice(0, 7));
  expect(await numbers(file)).toEqual([]);
  writeSync(writer, record(2).slice(7));
  closeSync(writer);
  appendFileSync(path, rest);
  expect(await numbers(file)).toEqual([2, 3]);
});

test('who comes later reads the end of what was put aside as well, once', async () => {
  writeFileSync(path, record(1));
  putAside();
  const before = openRecords(path, 'Hook', 0);
  expect(await numbers(before)).toEqual([1]);
  writeFileSync(path, record(2));
  expect(await numbers(before)).toEqual([2]);
  const after = openRecords(path, 'Hook', 0);
  expect(await numbers(after)).toEqual([1, 2]);
  expect(await numbers(after)).toEqual([]);
  putAside();
  writeFileSync(path, record(3));
  expect(await numbers(after)).toEqual([3]);
});

test('a file that is not long yet stays where it is', async () => {
  writeFileSync(path, record(1));
  boundRecords(path);
  boundRecords(join(dir, 'none'));
  expect(await numbers(openRecords(path, 'Hook', 0))).toEqual([1]);
});

test('of hooks that run while the file is put aside again and again, every record is read once', async () => {
  const hook = join(dir, 'hook');
  writeFileSync(hook, hookScript('1-a', path));
  chmodSync(hook, 0o700);
  const file = openRecords(path, 'Hook', 0);
  const seen: unknown[] = [];
  const [rounds, each] = [6, 10];
  for (let round = 0; round < rounds; round += 1) {
    const all = Array.from({ length: each }, (_, n) =>
      promisify(execFile)(hook, [JSON.stringify({ n: round * each + n })]),
    );
    const done = Promise.all(all);
    while (seen.length < round * each + 3) {
      seen.push(...(await numbers(file)));
      await Promise.race([done, new Promise(setImmediate)]);
    }
    putAside();
    await done;
    seen.push(...(await numbers(file)));
  }
  expect(seen.toSorted((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: rounds * each }, (_, n) => n));
});
