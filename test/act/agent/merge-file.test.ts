import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFileMerger, type FileMerger } from '../../../controller/act/agent/merge-file.ts';

let folder: string;
let file: string;
let merger: FileMerger;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'mux-merge-')));
  mkdirSync(join(folder, 'home'));
  file = join(folder, 'home', 'agent.json');
  merger = createFileMerger(join(folder, 'locks'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const content = () => JSON.parse(readFileSync(file, 'utf8')) as unknown;

describe('merging into a file of the user', () => {
  test('keeps what is not named, the mode and the indentation, and leaves nothing behind', async () => {
    writeFileSync(file, '{\n\t"a": {"b": 1, "c": [1]},\n\t"z": null\n}');
    chmodSync(file, 0o604);
    await merger.merge(file, { a: { c: [1, 2], d: true } });
    expect(content()).toEqual({ a: { b: 1, c: [1, 2], d: true }, z: null });
    expect(readFileSync(file, 'utf8')).toContain('\n\t"a"');
    expect(statSync(file).mode & 0o777).toBe(0o604);
    expect(readdirSync(join(folder, 'home'))).toEqual(['agent.json']);
  });

  test('does not touch a file that holds it all already', async () => {
    writeFileSync(file, '{"b":[2,1],"a":{"x":1}}');
    const { ino } = statSync(file);
    await merger.merge(file, { a: { x: 1 }, b: [1] });
    expect(readFileSync(file, 'utf8')).toBe('{"b":[2,1],"a":{"x":1}}');
    expect(statSync(file).ino).toBe(ino);
    expect(existsSync(join(folder, 'locks'))).toBe(false);
  });

  test('keeps a byte order mark, and everything behind it', async () => {
    writeFileSync(file, '\ufeff{"a": 1}');
    await merger.merge(file, { b: 2 });
    expect(readFileSync(file, 'utf8')).toBe('\ufeff{\n  "a": 1,\n  "b": 2\n}\n');
  });

  test.each([
    ['a number that no program of ours can keep', '{"id": 12345678901234567890, "text": "1"}'],
    ['a number beyond all numbers', '{"id": 1e999}'],
  ])('leaves a file alone that holds %s', async (_what, text) => {
    writeFileSync(file, text);
    await expect(merger.merge(file, { b: 2 })).rejects.toMatchObject({ code: 'MUX_FILE_UNMERGEABLE' });
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  test('long digits in a text are no number', async () => {
    writeFileSync(file, '{"id": "12345678901234567890", "a\\"12345678901234567890": "\\\\"}');
    await merger.merge(file, { b: 2 });
    expect(content()).toMatchObject({ id: '12345678901234567890', b: 2 });
  });

  test('leaves a file alone that was made read-only', async () => {
    writeFileSync(file, '{"a":1}', { mode: 0o444 });
    await expect(merger.merge(file, { b: 2 })).rejects.toMatchObject({ code: 'MUX_FILE_UNMERGEABLE' });
    expect(content()).toEqual({ a: 1 });
    await merger.merge(file, { a: 1 });
  });

  test('is not hung up by a pipe in the place of the file', async () => {
    execFileSync('mkfifo', [file]);
    await expect(merger.merge(file, { b: 2 })).rejects.toMatchObject({ code: 'MUX_FILE_UNMERGEABLE' });
  });

  test('makes the file, for its user alone, where there is none', async () => {
    file = join(folder, 'home', '.config', 'agent', 'a.json');
    await merger.merge(file, { a: 1 });
    expect(content()).toEqual({ a: 1 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['there is something', true],
    ['there is nothing yet', false],
  ])('goes where a link leads, if %s', async (_, there) => {
    const real = join(folder, 'real.json');
    if (there) writeFileSync(real, '{"mine":1}');
    symlinkSync('../real.json', file);
    await merger.merge(file, { ours: 2 });
    expect(JSON.parse(readFileSync(real, 'utf8'))).toEqual(there ? { mine: 1, ours: 2 } : { ours: 2 });
    expect(realpathSync(file)).toBe(real);
  });

  test.each([
    ['is no JSON', '{"a": 1,}'],
    ['is no object', '[1, 2]'],
    ['was cut off', '{"a": {"b'],
  ])('[S15] leaves a file that %s as it is, and names it', async (_, text) => {
    writeFileSync(file, text);
    await expect(merger.merge(file, { a: 2 })).rejects.toMatchObject({
      code: 'MUX_FILE_UNMERGEABLE',
      message: expect.stringContaining(file) as string,
    });
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(readdirSync(join(folder, 'home'))).toEqual(['agent.json']);
  });

  test('by two controllers at once loses nothing of either', async () => {
    writeFileSync(file, '{}');
    const mergers = [merger, createFileMerger(join(folder, 'locks'))];
    const names = Array.from({ length: 24 }, (_, index) => `key-${index}`);
    await Promise.all(
      names.map((name, index) =>
        (mergers[index % 2] ?? merger).merge(file, { projects: { [name]: { trusted: true } } }),
      ),
    );
    const { projects } = content() as { projects: Record<string, unknown> };
    expect(Object.keys(projects).sort()).toEqual(names.sort());
  });
});
