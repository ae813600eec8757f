import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createRevisionReader } from '../../../controller/store/sources/revision-reader.ts';
import { readKept } from '../../../controller/store/sources/source-files.ts';
import { createWorld, project, type Started, start, type World, wanted } from '../specs/support.ts';
import { gitSource, take } from './support.ts';

let world: World;
let running: Started;

afterEach(() => {
  running.stop();
  world.remove();
});

it('what was kept of a repository stays when all that was fetched is lost', async () => {
  world = createWorld();
  const state = join(world.root, 'state');
  const reader = createRevisionReader();
  const put = (files: Record<string, string>, known?: Parameters<typeof take>[2]['known']) =>
    take('team', files, { state, reader, prune: false, ...(known !== undefined && { known }) });
  world.write('team.yaml', gitSource('team'));
  await put({ 'api.yaml': project('api'), 'web.yaml': project('web', 'kept') });
  await put({ 'api.yaml': project('api') });
  const source = world.source({ revisions: reader });
  running = await start(source);
  const confirm = async (): Promise<void> => {
    for (let look = 0; look < 4; look += 1) {
      await world.clock.pass(30_000);
      await source.reload();
    }
  };
  await confirm();
  rmSync(join(state, 'sources'), { recursive: true });
  await confirm();
  expect(wanted(source, 'web')).toBe('Present kept');
  await put({ 'api.yaml': project('api') }, source.objectsOf('team'));
  await confirm();
  expect(wanted(source, 'web')).toBe('Present kept');
  expect(readKept(state, 'team').objects.map(({ path }) => path)).toEqual(['web.yaml']);
});
