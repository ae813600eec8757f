import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createScribe } from '../../../controller/store/state/scribe.ts';
import { createFilesBehind } from '../../../controller/store/state/write-behind.ts';
import { createWriteFailures } from '../../../controller/store/state/write-failures.ts';
import { temporaryFolder } from './samples.ts';

const MANY = 400;

/** As many files as stand for hundreds of projects, each of which holds its own name. */
async function manyFiles() {
  const dir = temporaryFolder();
  const ahead = { record: () => false, holds: () => false, last: () => 0, settle: () => true };
  const files = createFilesBehind({ failures: createWriteFailures(() => {}), ahead, scribe: createScribe() });
  const paths = Array.from({ length: MANY }, (_, index) => join(dir, `${index}.json`));
  for (const path of paths) files.put(path, path);
  await files.written();
  return { dir, files, paths };
}

test.each([
  { what: 'deleted', touch: (path: string) => rmSync(path) },
  { what: 'changed', touch: (path: string) => writeFileSync(path, 'something else') },
])('of hundreds of files one that somebody has $what is made good within a few looks', async ({ touch }) => {
  const { files, paths } = await manyFiles();
  for (const path of [0, 1, 2, 150, 399].map((index) => paths[index] ?? '')) {
    touch(path);
    for (let looks = 0; looks < 3; looks += 1) {
      files.heal();
      await files.written();
    }
    expect(readFileSync(path, 'utf8')).toBe(path);
  }
});

test('where all of hundreds of files are gone, all are back with the next look', async () => {
  const { dir, files } = await manyFiles();
  rmSync(dir, { recursive: true });
  files.heal();
  await files.written();
  expect(readdirSync(dir)).toHaveLength(MANY);
});

test('each of hundreds of files is looked at in time, also while others come and go, and all at once if it is said', async () => {
  const { dir, files, paths } = await manyFiles();
  const [path = ''] = paths;
  rmSync(path);
  for (let looks = 0; looks < 3; looks += 1) {
    const other = join(dir, 'other.json');
    if (looks % 2 === 0) files.put(other, 'other');
    else files.remove(other);
    await files.written();
    files.heal();
    await files.written();
  }
  expect(readFileSync(path, 'utf8')).toBe(path);
  const last = paths.at(-1) ?? '';
  rmSync(last);
  files.heal(true);
  await files.written();
  expect(readFileSync(last, 'utf8')).toBe(last);
});

test('what is recorded while an earlier state is on its way is not settled by that one', async () => {
  const path = join(temporaryFolder(), 'web.json');
  const settled: number[] = [];
  let last = 0;
  const ahead = {
    record: () => (last += 1) > 0,
    holds: () => last > 0,
    last: () => last,
    settle: (_: string, to: number) => settled.push(to) > 0,
  };
  const files = createFilesBehind({ failures: createWriteFailures(() => {}), ahead, scribe: createScribe() });
  files.put(path, 'one');
  await Promise.resolve();
  files.put(path, 'two');
  expect([files.recorded(path), files.recorded(path)]).toEqual([true, true]);
  await files.written();
  expect([settled, last]).toEqual([[0, 1], 1]);
  expect(files.recorded(path)).toBe(true);
  expect(last).toBe(1);
});

test('what is written but could not be settled is not said to be on disk, and is written again', async () => {
  const path = join(temporaryFolder(), 'web.json');
  let isSettled = false;
  const ahead = { record: () => false, holds: () => false, last: () => 0, settle: () => isSettled };
  const files = createFilesBehind({ failures: createWriteFailures(() => {}), ahead, scribe: createScribe() });
  files.put(path, 'one');
  expect(await files.recorded(path)).toBe(false);
  isSettled = true;
  files.heal();
  expect(await files.recorded(path)).toBe(true);
});
