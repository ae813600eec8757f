import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseFaces } from '../../../controller/observe/agent/faces.ts';
import { findFile } from '../../../controller/observe/agent/find-file.ts';
import { askJson } from '../../../controller/observe/agent/http-json.ts';
import { openJsonFile } from '../../../controller/observe/agent/json-file.ts';
import { openRecords } from '../../../controller/observe/agent/records.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mx-records-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});
const record = (n: number): string => `\u001e${1000 + n} {"n":${n}}\n`;
const numbers = async (file: ReturnType<typeof openRecords>): Promise<unknown[]> =>
  (await file.read()).map(({ value }) => (value as { n: unknown }).n);

describe('records of a hook', () => {
  test('come once each, with the time that stands before them', async () => {
    const path = join(dir, 'hooks');
    const file = openRecords(path, 'Hook', 0);
    expect(await file.read()).toEqual([]);
    writeFileSync(path, record(1) + record(2));
    expect(await file.read()).toMatchObject([
      { at: 1001, value: { n: 1 } },
      { at: 1002, value: { n: 2 } },
    ]);
    expect(await file.read()).toEqual([]);
    appendFileSync(path, record(3));
    expect(await numbers(file)).toEqual([3]);
  });

  test('one that is half written waits, and one that was cut off spoils no other', async () => {
    const path = join(dir, 'hooks');
    const file = openRecords(path, 'Hook', 0);
    const [half, rest] = [record(1).slice(0, 9), record(1).slice(9)];
    writeFileSync(path, half);
    expect(await numbers(file)).toEqual([]);
    appendFileSync(path, rest);
    expect(await numbers(file)).toEqual([1]);
    appendFileSync(path, `${half}${record(2)}garbage\n\u001enot a stamp {}\n\u001e5 [1\n${record(3)}`);
    expect(await numbers(file)).toEqual([2, 3]);
  });

  test('a payload may hold line feeds, the separator as an escape, and characters of several bytes', async () => {
    const path = join(dir, 'hooks');
    const file = openRecords(path, 'Hook', 0);
    const bytes = Buffer.from('\u001e7 {"n":"жук\\n\\u001e"}\n');
    const cut = bytes.indexOf(Buffer.from('у')) + 1;
    writeFileSync(path, bytes.subarray(0, cut));
    expect(await numbers(file)).toEqual([]);
    appendFileSync(path, bytes.subarray(cut));
    expect(await numbers(file)).toEqual(['жук\n\u001e']);
  });

  test('a file that was cut short, put in its place or removed is read anew', async () => {
    const path = join(dir, 'hooks');
    const file = openRecords(path, 'Hook', 0);
    writeFileSync(path, record(1) + record(2));
    expect(await numbers(file)).toEqual([1, 2]);
    truncateSync(path, 0);
    expect(await numbers(file)).toEqual([]);
    appendFileSync(path, record(3));
    expect(await numbers(file)).toEqual([3]);
    writeFileSync(`${path}.new`, record(4) + record(5));
    renameSync(`${path}.new`, path);
    expect(await numbers(file)).toEqual([4, 5]);
    rmSync(path);
    expect(await file.read()).toEqual([]);
    writeFileSync(path, record(6));
    expect(await numbers(file)).toEqual([6]);
  });
});

describe('records of a transcript', () => {
  test('bear the time of their own, else that of the file', async () => {
    const path = join(dir, 'log');
    writeFileSync(path, '{"timestamp":"2026-10-06T12:00:00Z"}\n{"n":1}\nnone\n{"cut":');
    const read = await openRecords(path, 'Transcript', 0).read();
    expect(read).toHaveLength(2);
    expect(read[0]).toMatchObject({ at: Date.parse('2026-10-06T12:00:00Z'), timed: true });
    expect(read[1]).toMatchObject({ timed: false, old: false });
    expect(Math.abs((read[1]?.at ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  test('of a long file that was there before, the end is read, and what bears no time is known to be old', async () => {
    const path = join(dir, 'log');
    writeFileSync(path, `${JSON.stringify({ n: 'x'.repeat(300_000) })}\n{"n":2}\n`);
    expect(await openRecords(path, 'Transcript', Date.now() + 5000).read()).toMatchObject([
      { value: { n: 2 }, old: true, first: true },
    ]);
  });
});

test('a JSON file is as it was while it is being written, and gone when it is removed', async () => {
  const path = join(dir, 'state.json');
  const file = openJsonFile(path);
  expect(await file.read()).toBeUndefined();
  writeFileSync(path, '{"status":"busy"}');
  expect(await file.read()).toMatchObject({ value: { status: 'busy' } });
  writeFileSync(path, '{"status":');
  expect(await file.read()).toMatchObject({ value: { status: 'busy' } });
  writeFileSync(path, '{"status":"idle"}');
  expect(await file.read()).toMatchObject({ value: { status: 'idle' } });
  rmSync(path);
  expect(await file.read()).toBeUndefined();
});

test("of several files that '*' stands for, the one that was written last, and none that is too old", async () => {
  writeFileSync(join(dir, 'a-1.x'), '');
  expect(await findFile(join(dir, 'a-*.x'), 0)).toBe(join(dir, 'a-1.x'));
  expect(await findFile(join(dir, 'a-*.x'), Date.now() + 5000)).toBeUndefined();
  expect(await findFile(join(dir, '*', 'a-*.x'), 0)).toBeUndefined();
  expect(await findFile(join(dir, 'b.x'), 0)).toBe(join(dir, 'b.x'));
});

test('nothing but this machine is asked', async () => {
  expect(await askJson('http://example.com/')).toBeUndefined();
  expect(await askJson('file:///etc/passwd')).toBeUndefined();
  expect(await askJson('no address')).toBeUndefined();
});

test('a title may hold anything, and stays one line of one pane', () => {
  const lines = ['muxlet-face:%1 12 0 99 a\tb \u001b]2;x', 'second: muxlet', 'muxlet-face:%2 13 1 98 '];
  expect(parseFaces('s', lines)).toEqual([
    { server: 's', id: '%1', pid: 12, dead: false, windowActivity: 99, title: 'a b ]2;x second: muxlet' },
    { server: 's', id: '%2', pid: 13, dead: true, windowActivity: 98, title: '' },
  ]);
});
