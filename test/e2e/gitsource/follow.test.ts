import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holds, until, withWorld } from '../support/world.ts';
import {
  isInForce,
  isReason,
  pidOf,
  pushUntil,
  readyOf,
  repositoryIn,
  SECRET,
  sleeper,
  sourceStatus,
  sourceYaml,
} from './support.ts';

const spec = (url: string) => ({ url, path: './specs', interval: '1h', webhook: { secret: { env: 'HOOK_SECRET' } } });

test(
  'a repository is followed: what is committed runs, what is broken is named, and verbs leave it alone',
  () =>
    withWorld(async (world) => {
      const repository = repositoryIn(world);
      const first = repository.commit({
        'specs/web.yaml': sleeper('web'),
        'specs/sub/api.yaml': sleeper('api'),
        x: '1',
      });
      world.spec('team.yaml', sourceYaml('team', { ...spec(repository.path), ref: { branch: 'main' } }));
      world.env['HOOK_SECRET'] = SECRET;
      const { address } = await world.start();
      const running = async () => [await pidOf(world, 'web'), await pidOf(world, 'api')];
      const pids = await running();

      const shown = await world.muxlet('get', 'gitsources');
      expect(shown.stdout).toMatch(/^NAME .*\nteam +True +RevisionTaken +main@sha1:[0-9a-f]{7} +2 /);
      const described = await world.muxlet('describe', 'project', 'api');
      expect(described.stdout).toContain(`gitsource/team@${first.slice(0, 7)}:sub/api.yaml`);
      expect(described.stdout).toContain(`muxlet.dev/revision: main@sha1:${first}`);
      expect((await world.muxlet('describe', 'gs/team')).stdout).toMatch(
        /Objects:\n.*\n +Project +api +sub\/api.yaml\n/,
      );

      // Verbs that the next commit would undo are refused.
      const file = join(world.root, 'web.yaml');
      writeFileSync(file, sleeper('web', 7));
      const verbs = [
        ['delete', 'project', 'web'],
        ['label', 'project', 'web', 'a=b'],
        ['edit', 'project/web'],
        ['apply', '-f', file],
      ];
      for (const { code, stderr } of await Promise.all(verbs.map((verb) => world.muxlet(...verb)))) {
        expect([code, stderr]).toEqual([1, expect.stringContaining('comes from gitsource/team@')]);
        expect(stderr).toContain('change web.yaml in');
      }
      expect(readdirSync(world.specs)).toEqual(['team.yaml']);

      // A commit that changes another file restarts nobody.
      const second = repository.commit({ 'specs/note.md': 'x', x: '2' });
      const reconciled = await world.muxlet('reconcile', 'gitsource', 'team');
      expect([reconciled.code, reconciled.stdout]).toEqual([0, `gitsource/team reconciled: main@sha1:${second}\n`]);
      expect(await running()).toEqual(pids);

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
      const told = await Promise.all([world.muxlet('get', 'problems'), world.muxlet('events')]);
      for (const { stdout } of told) expect(stdout).toContain(place);
      expect(sourceStatus(world)).toMatchObject({
        revision: `main@sha1:${second}`,
        attemptedRevision: `main@sha1:${broken}`,
        conditions: expect.arrayContaining([expect.objectContaining({ type: 'Stalled', status: 'True' })]),
      });
      expect([world.status('new'), await running()]).toEqual([undefined, pids]);

      // History rewritten: the branch is followed to wherever it points. What it holds no more ends.
      repository.git('reset', '--quiet', '--hard', first);
      const rewritten = repository.commit({ 'specs/sub/api.yaml': null, 'specs/third.yaml': sleeper('third') });
      await pushUntil(world, address, isInForce(rewritten));
      await pidOf(world, 'third');
      await until('api has ended', () => world.status('api') === undefined);
      expect(await pidOf(world, 'web')).toBe(pids[0]);
    }),
  120_000,
);

test(
  'what vanishes ends by its policy: the repository, a spec, the source itself',
  () =>
    withWorld(async (world) => {
      const repository = repositoryIn(world);
      const first = repository.commit({ 'specs/web.yaml': sleeper('web'), 'specs/third.yaml': sleeper('third') });
      world.spec('team.yaml', sourceYaml('team', spec(repository.path)));
      world.env['HOOK_SECRET'] = SECRET;
      const controller = await world.start();
      const [web, third] = [await pidOf(world, 'web'), await pidOf(world, 'third')];

      // The repository: what was good stays, also for a controller that starts meanwhile.
      renameSync(repository.path, `${repository.path}.away`);
      await pushUntil(world, controller.address, isReason('FetchFailed'));
      await controller.end();
      const { address } = await world.start();
      await until('it was tried again', () => (sourceStatus(world)?.failures ?? 0) >= 2);
      await holds('nobody ends', 1000, () => world.agent('web', 'dev')?.pid === web);
      renameSync(`${repository.path}.away`, repository.path);
      await pushUntil(world, address, isInForce(first));
      expect(sourceStatus(world)?.failures).toBe(0);

      // Without prune, what is gone is kept until it is deleted by hand.
      world.spec('team.yaml', sourceYaml('team', { ...spec(repository.path), prune: false }));
      await until(
        'it is taken up',
        () => sourceStatus(world)?.observedGeneration === 2 && readyOf(world)?.status === 'True',
      );
      await pushUntil(world, address, isInForce(repository.commit({ 'specs/third.yaml': null })));
      expect(sourceStatus(world)?.kept).toEqual([{ kind: 'Project', name: 'third', file: 'third.yaml' }]);
      rmSync(join(world.specs, 'team.yaml'));
      await until('the source is gone', () => sourceStatus(world) === undefined);
      await holds('nobody ends', 1000, () => world.agent('third', 'dev')?.pid === third);
      expect((await world.muxlet('delete', 'project', 'third')).code).toBe(0);
      expect([world.status('third'), world.agent('web', 'dev')?.pid]).toEqual([undefined, web]);
      expect(readdirSync(join(world.state, 'sources', 'team', 'kept'))).toEqual(['project-web.json']);
    }),
  120_000,
);
