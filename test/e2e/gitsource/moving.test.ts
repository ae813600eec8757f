import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { until, withWorld } from '../support/world.ts';
import { inForce, pidOf, repositoryIn, sleeper, sourceYaml } from './support.ts';

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
      await world.start();
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
    }),
  60_000,
);
