import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readOrphanAges, writeOrphanAges } from '../../../controller/store/state/orphan-ages.ts';

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'muxlet-orphans-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('ages are read as they were written, and without orphans there is no file', () => {
  const state = directory();
  const path = join(state, 'orphans.json');
  expect(readOrphanAges(state)).toEqual(new Map());
  writeOrphanAges(state, new Map([['u', 60_000]]));
  expect(readOrphanAges(state)).toEqual(new Map([['u', 60_000]]));
  writeOrphanAges(state, new Map());
  expect(existsSync(path)).toBe(false);
});

test.each(['', '[1]', '{"u": "old"}', '{"u": -1}', '{"u": 1e999}'])(
  'what makes no sense (%s) makes nothing old',
  (text) => {
    const state = directory();
    writeFileSync(join(state, 'orphans.json'), text);
    expect(readOrphanAges(state)).toEqual(new Map());
  },
);
