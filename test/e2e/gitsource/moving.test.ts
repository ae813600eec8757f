import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Repository } from '../../support/repository.ts';
import { type Running, until, type World, withWorld } from '../support/world.ts';
import { inForce, pidOf, readyOf, repositoryIn, sleeper, sourceYaml } from './support.ts';

test(
  '[S163] specs that are moved into a repository, or on to the next, end nobody: not before it was looked at',
  () =>
    withWorld(async (world) => {
      const [one, two] = ['one', 'two'].map((name) => repositoryIn(world, name));
      if (one === undefined || two === undefined) throw new Error('no repository');
      for (const repository of [one, two]) repository.commit({ 'readme.md': 'x' });
      // Nobody tells of a push, and an hour is long.
      world.spec('one.yaml', sourceYaml('one', { url: one.path, interval: '1h' }));
      world.spec('two.yaml', sourceYaml('two', { url: two.path, interval: '1h' }));
      world.spec('web.yaml', sleeper('web'));
      const controller = await world.start();
      const pid = await pidOf(world, 'web');
      for (const repository of [one, two]) {
        await inForce(world, repository.git('rev-parse', 'HEAD'), repository === one ? 'one' : 'two');
      }
      // Pushed, and taken out here before anybody has fetched it.
      const moved = one.commit({ 'web.yaml': sleeper('web') });
      rmSync(join(world.specs, 'web.yaml'));
      await inForce(world, moved, 'one');
      const on = two.commit({ 'web.yaml': sleeper('web') });
      one.commit({ 'web.yaml': null });
      expect((await world.muxlet('reconcile', 'gitsource', 'one')).code).toBe(0);
      await inForce(world, on, 'two');
      expect(await pidOf(world, 'web')).toBe(pid);
      // And what is nowhere ends as soon as all have been looked at.
      two.commit({ 'web.yaml': null });
      expect((await world.muxlet('reconcile', 'gitsource', 'two')).code).toBe(0);
      await until(
        'web is gone',
        () => !readdirSync(join(world.state, 'status', 'project')).includes('web.json'),
        10_000,
      );
      await moveAside(world, { controller, one, two });
    }),
  90_000,
);

/** Into a repository of which nothing is taken now, while another one cannot be had; and then it is to go. */
async function moveAside(
  world: World,
  { controller, one, two }: { readonly controller: Running } & Readonly<Record<'one' | 'two', Repository>>,
): Promise<void> {
  world.spec('api.yaml', sleeper('api'));
  const pid = await pidOf(world, 'api');
  world.spec('two.yaml', sourceYaml('two', { url: two.path, interval: '1h', suspend: true }));
  await until('two is suspended', () => readyOf(world, 'two')?.reason === 'Suspended');
  renameSync(one.path, `${one.path}.away`);
  two.commit({ 'api.yaml': sleeper('api') });
  rmSync(join(world.specs, 'api.yaml'));
  const problems = async () => (await world.muxlet('get', 'problems')).stdout;
  await until('it is known to be there', async () => /SpecVanished.*gitsource\/two holds it/.test(await problems()));
  await controller.end('SIGKILL');
  await world.start();
  await until('it is known again', async () => /SpecVanished.*gitsource\/two holds it/.test(await problems()));
  expect(await pidOf(world, 'api')).toBe(pid);
  // Of what somebody takes away by hand nobody can know that; and of what is deleted by a verb nobody need be asked.
  world.spec('cli.yaml', sleeper('cli'));
  world.spec('web.yaml', sleeper('web'));
  await world.ready('cli');
  await world.ready('web');
  rmSync(join(world.specs, 'cli.yaml'));
  const deleted = await world.muxlet('delete', 'project', 'web', 'api', '--timeout', '20s');
  expect([deleted.code, deleted.stderr]).toEqual([0, '']);
  await until('what waits is told', async () =>
    /SpecVanished.*Project cli .*\(gitsource\/one: .*\), and ends at 20\S+Z unless/.test(await problems()),
  );
  expect((await world.muxlet('delete', 'project', 'cli', '--timeout', '20s')).code).toBe(0);
  const marks = join(world.state, 'deletions', 'project');
  await until('the marks are gone', () => readdirSync(marks).length === 0);
}
