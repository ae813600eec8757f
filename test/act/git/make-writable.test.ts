import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWritable } from '../../../controller/act/git/make-writable.ts';

test('folders that nobody may write to can be emptied after it, and what a link leads to is left alone', async () => {
  const root = mkdtempSync(join(tmpdir(), 'muxlet-writable-'));
  try {
    const [cache, other] = [join(root, 'tree', 'a', 'cache'), join(root, 'other')];
    mkdirSync(cache, { recursive: true });
    mkdirSync(other);
    symlinkSync(other, join(cache, 'link'));
    for (const folder of [cache, other]) chmodSync(folder, 0o555);
    await makeWritable(join(root, 'tree'));
    expect([cache, other].map((folder) => (statSync(folder).mode & 0o777).toString(8))).toEqual(['755', '555']);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
