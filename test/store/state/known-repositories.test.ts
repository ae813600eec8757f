import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { noteRepository, readKnownRepositories } from '../../../controller/store/state/known-repositories.ts';

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'known-'));
});
afterEach(() => {
  rmSync(state, { recursive: true, force: true });
});

test('a repository on a disk that is away just now is still known', () => {
  for (const path of ['/away/shop', state, '/away/shop']) noteRepository(state, path);
  expect(readKnownRepositories(state)).toEqual(['/away/shop', state]);
});
