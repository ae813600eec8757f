import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { noteBoot } from '../../../controller/store/state/boot.ts';

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'muxlet-boot-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('[S74] the first start of all, and every further one in the same boot, is no reboot', () => {
  const state = directory();
  expect(noteBoot(state, 'a', 1000)).toBeUndefined();
  expect(noteBoot(state, 'a', 9e9)).toBeUndefined();
});

test('[S75] after a reboot every start in that boot knows since when it is, until the next one', () => {
  const state = directory();
  noteBoot(state, 'a', 1000);
  expect(noteBoot(state, 'b', 2000)).toBe(2000);
  expect(noteBoot(state, 'b', 3000)).toBe(2000);
  expect(noteBoot(state, 'c', 4000)).toBe(4000);
});

test.each(['', '{', '{"id":7}', '[]'])('a record that says %j says nothing, and is written anew', (text) => {
  const state = directory();
  writeFileSync(join(state, 'boot.json'), text);
  expect(noteBoot(state, 'b', 2000)).toBeUndefined();
  expect(noteBoot(state, 'c', 3000)).toBe(3000);
});
