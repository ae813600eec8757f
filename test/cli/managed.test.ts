import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRevisionReader } from '../../controller/store/sources/revision-reader.ts';
import { gitSource, take } from '../store/sources/support.ts';
import { project } from '../store/specs/support.ts';
import { bench } from './harness.ts';

test('what a repository declares is refused as long as that is followed, and taken once it is not', async () => {
  const { root, run, write, read } = await bench();
  await write('specs/team.yaml', gitSource('team'));
  await take('team', { 'web.yaml': project('web') }, { state: join(root, 'state'), reader: createRevisionReader() });
  await write('mine.yaml', project('web', 'mine'));
  const refused = await run('apply', '-f', 'mine.yaml');
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('comes from gitsource/team')]);
  // No controller has seen yet that it is gone.
  await rm(join(root, 'specs', 'team.yaml'));
  expect((await run('apply', '-f', 'mine.yaml')).code).toBe(0);
  expect(await read('specs/web.yaml')).toContain('mine');
});
