import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holds, until, withWorld } from '../support/world.ts';
import { inForce, pidOf, readyOf, repositoryIn, sleeper, sourceStatus, sourceYaml } from './support.ts';

test(
  'a repository is followed: what is committed runs, what is broken is named, what is gone ends',
  () =>
    withWorld(async (world) => {
      const repository = repositoryIn(world);
      const first = repository.commit({
        'specs/web.yaml': sleeper('web'),
        'specs/sub/api.yaml': sleeper('api'),
        'x.md': '1',
      });
      world.spec(
        'team.yaml',
        sourceYaml('team', { url: repository.path, path: './specs', ref: { branch: 'main' }, interval: '1h' }),
      );
      const controller = await world.start();
      const pids = [await pidOf(world, 'web'), await pidOf(world, 'api')];
      const samePids = async () => [await pidOf(world, 'web'), await pidOf(world, 'api')];
      await inForce(world, first);

      const shown = await world.muxlet('get', 'gitsources');
      expect(shown.stdout).toMatch(/^NAME .*\nteam +True +RevisionTaken +main@sha1:[0-9a-f]{7} +2 /);
      const described = await world.muxlet('describe', 'project', 'api');
      expect(described.stdout).toContain(`gitsource/team@${first.slice(0, 7)}:sub/api.yaml`);
      expect(described.stdout).toContain(`muxlet.dev/revision: main@sha1:${first}`);
      expect((await world.muxlet('describe', 'gs/team')).stdout).toMatch(
        /Objects:\n.*\n +Project +api +sub\/api.yaml\n/,
      );

      // Verbs that the next commit would undo are refused; those of state/overlays work.
      for (const verb of [
        ['delete', 'project', 'web'],
        ['label', 'project', 'web', 'a=b'],
        ['edit', 'project/web'],
      ]) {
        const refused = await world.muxlet(...verb);
        expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('comes from gitsource/team@')]);
      }
      const applied = join(world.root, 'web.yaml');
      writeFileSync(applied, sleeper('web', 7));
      expect((await world.muxlet('apply', '-f', applied)).stderr).toContain('change web.yaml in');
      expect(readdirSync(world.specs)).toEqual(['team.yaml']);

      // A commit that changes another file restarts nobody.
      const second = repository.commit({ 'specs/note.md': 'x', 'x.md': '2' });
      const reconciled = await world.muxlet('reconcile', 'gitsource', 'team');
      expect([reconciled.code, reconciled.stdout]).toEqual([0, `gitsource/team reconciled: main@sha1:${second}\n`]);
      expect(await samePids()).toEqual(pids);

      // A broken one leaves everything as it is, and says where it is broken.
      const broken = repository.commit({
        'specs/web.yaml': sleeper('web', 5000),
        'specs/new.yaml': sleeper('new'),
        'specs/sub/bad.yaml':
          'apiVersion: muxlet.dev/v1alpha1\nkind: Project\nmetadata: {name: bad}\nspec: {agent: []}\n',
      });
      const failed = await world.muxlet('reconcile', 'gitsource/team');
      const place = `gitsource/team@${broken.slice(0, 7)}:sub/bad.yaml:4`;
      expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining(place)]);
      expect((await world.muxlet('get', 'problems')).stdout).toContain(place);
      expect((await world.muxlet('events')).stdout).toContain(place);
      expect(sourceStatus(world)).toMatchObject({
        revision: `main@sha1:${second}`,
        attemptedRevision: `main@sha1:${broken}`,
        conditions: expect.arrayContaining([expect.objectContaining({ type: 'Stalled', status: 'True' })]),
      });
      expect((await world.muxlet('get', 'project', 'new')).code).toBe(1);
      expect(await samePids()).toEqual(pids);

      // History rewritten: the branch is followed to wherever it points. What it holds no more ends.
      repository.git('reset', '--quiet', '--hard', first);
      const rewritten = repository.commit({ 'specs/sub/api.yaml': null, 'specs/third.yaml': sleeper('third') });
      expect((await world.muxlet('reconcile', 'gitsource/team')).code).toBe(0);
      await pidOf(world, 'third');
      await until('api has ended', () => world.status('api') === undefined);
      expect(await pidOf(world, 'web')).toBe(pids[0]);
      expect((await world.muxlet('get', 'problems')).stderr).toContain('No resources found');

      // The repository vanishes: what was good stays, also for a controller that starts meanwhile.
      renameSync(repository.path, `${repository.path}.away`);
      expect((await world.muxlet('reconcile', 'gitsource/team')).code).toBe(1);
      expect(readyOf(world)).toMatchObject({ status: 'False', reason: 'FetchFailed' });
      await controller.end();
      await world.start();
      await until('it was tried again', () => (sourceStatus(world)?.failures ?? 0) >= 2);
      await holds('nobody ends', 1500, () => world.agent('web', 'dev')?.pid === pids[0]);
      renameSync(`${repository.path}.away`, repository.path);
      expect((await world.muxlet('reconcile', 'gitsource/team')).code).toBe(0);
      expect(sourceStatus(world)).toMatchObject({ revision: `main@sha1:${rewritten}`, failures: 0 });

      // Without prune, what is gone is kept until it is deleted by hand, or declared elsewhere.
      world.spec(
        'team.yaml',
        sourceYaml('team', { url: repository.path, path: 'specs', interval: '1h', prune: false }),
      );
      await until('it is taken up', () => sourceStatus(world)?.observedGeneration === 2);
      repository.commit({ 'specs/third.yaml': null });
      expect((await world.muxlet('reconcile', 'gitsource/team')).code).toBe(0);
      const third = await pidOf(world, 'third');
      expect(sourceStatus(world)?.kept).toEqual([{ kind: 'Project', name: 'third', file: 'third.yaml' }]);
      rmSync(join(world.specs, 'team.yaml'));
      await until('the source is gone', () => sourceStatus(world) === undefined);
      await holds('nobody ends', 1000, async () => (await pidOf(world, 'third')) === third);
      expect(await pidOf(world, 'web')).toBe(pids[0]);
      expect((await world.muxlet('delete', 'project', 'third')).code).toBe(0);
      await until('third has ended', () => world.status('third') === undefined);
      expect(await pidOf(world, 'web')).toBe(pids[0]);
    }),
  120_000,
);
