import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signalProcess } from '../../support/signal-process.ts';
import { agentProcesses } from '../support/agents.ts';
import { allArguments, everything } from '../support/traces.ts';
import { holds, until, type World, withWorld } from '../support/world.ts';
import { serveGit } from './git-server.ts';
import { inForce, pidOf, push, readyOf, repositoryIn, SECRET, sleeper, sourceStatus, sourceYaml } from './support.ts';

const PASSWORD = 'pa55-of-the-repository';

const spec = (url: string) => ({
  url,
  interval: '1h',
  timeout: '2s',
  credentials: { username: 'team', password: { file: '../password' } },
  webhook: { secret: { env: 'HOOK_SECRET' } },
});

test(
  'a server that wants a password, tells of pushes, and hangs',
  () =>
    withWorld(async (world) => {
      const repository = repositoryIn(world, 'repositories/team');
      const slow = repositoryIn(world, 'repositories/slow');
      const first = repository.commit({ 'web.yaml': sleeper('web') });
      const second = slow.commit({ 'api.yaml': sleeper('api') });
      const server = await serveGit(join(world.root, 'repositories'), { user: 'team', password: PASSWORD });
      try {
        world.env['HOOK_SECRET'] = SECRET;
        writeFileSync(join(world.root, 'password'), `${PASSWORD}\n`);
        world.spec(
          'sources.yaml',
          [
            sourceYaml('team', spec(`${server.url}/team/.git`)),
            sourceYaml('slow', { ...spec(`${server.url}/slow/.git`), dependsOn: ['team'] }),
          ].join('\n---\n'),
        );
        const { address, log } = await world.start();
        const web = await pidOf(world, 'web');
        await inForce(world, first);
        await inForce(world, second, 'slow');
        const api = await pidOf(world, 'api');

        // A webhook makes it immediate, for whoever knows the secret; of others nobody learns which sources there are.
        expect(await push(address, 'team', { secret: 'wrong' })).toBe('403 forbidden\n');
        expect(await push(address, 'nobody')).toBe('404 not found\n');
        expect(await push(address, '..%2f..')).toBe('404 not found\n');
        expect((await fetch(`${address}/hooks/gitsource/team`)).status).toBe(405);
        expect((await push(address, 'team', { body: 'x'.repeat(5_000_000) })).slice(0, 3)).toBe('413');
        const next = repository.commit({ 'web.yaml': sleeper('web'), 'more.yaml': sleeper('more') });
        expect(await push(address)).toBe('202 accepted\n');
        await inForce(world, next);
        await pidOf(world, 'more');
        expect(await pidOf(world, 'web')).toBe(web);

        // A server that hangs costs its own source a timeout, and nobody else anything.
        server.hang(true);
        const args: string[] = [];
        expect(await push(address)).toBe('202 accepted\n');
        await until('it is being looked at', () => {
          args.push(...allArguments());
          return sourceStatus(world)?.conditions.some(({ reason }) => reason === 'Fetching');
        });
        signalProcess(web, 'SIGKILL');
        await until('the agent is replaced meanwhile', () => world.agent('web', 'dev')?.pid !== web);
        await until('it was given up', () => readyOf(world)?.reason === 'FetchTimedOut');
        expect(agentProcesses(world).some(({ pid }) => pid === api)).toBe(true);
        server.hang(false);

        // The password is wrong: git's words are told, the password nowhere.
        writeFileSync(join(world.root, 'password'), 'another\n');
        await push(address);
        await until('it was refused', () => readyOf(world)?.reason === 'FetchFailed');
        rmSync(join(world.root, 'password'));
        await push(address);
        await until('it is missed', () => readyOf(world)?.reason === 'CredentialsUnreadable');
        writeFileSync(join(world.root, 'password'), PASSWORD);
        await push(address);
        await until('it is well', () => readyOf(world)?.status === 'True');
        const told = [everything(world.state), everything(world.specs), log(), ...args].join('\n');
        for (const secret of [PASSWORD, SECRET]) expect(told.includes(secret)).toBe(false);
        const metrics = await (await fetch(`${address}/metrics`)).text();
        expect(metrics).toMatch(/muxlet_gitsource_ready\{gitsource="team"\} 1\n/);
        expect(metrics).toMatch(/muxlet_gitsource_looks_total\{result="failed"\} [3-9]\n/);
      } finally {
        await server.close();
      }
    }),
  120_000,
);

test(
  'a lost state, and a controller killed at any moment, end nobody',
  () =>
    withWorld(async (world) => {
      const repository = repositoryIn(world);
      const names = ['a', 'b', 'c'];
      repository.commit(Object.fromEntries(names.map((name) => [`${name}.yaml`, sleeper(name)])));
      const webhook = { secret: { env: 'HOOK_SECRET' } };
      world.env['HOOK_SECRET'] = SECRET;
      world.spec('team.yaml', sourceYaml('team', { url: repository.path, interval: '1h', webhook }));
      let controller = await world.start('--resync', '2s');
      for (const name of names) await pidOf(world, name);
      const pids = () =>
        agentProcesses(world)
          .map(({ pid }) => pid)
          .sort((a, b) => a - b);
      const before = pids();
      expect(before).toHaveLength(3);

      // While all runs.
      await until('the state is gone, whatever is being written into it', async () => {
        rmSync(world.state, { recursive: true, force: true });
        return true;
      });
      await until('it was fetched again', () => currentOf(world));
      await holds('nobody ends', 1000, () => pids().join() === before.join());

      // While nothing can be fetched, and no controller runs.
      await controller.end('SIGKILL');
      rmSync(world.state, { recursive: true });
      const away = `${repository.path}.away`;
      renameSync(repository.path, away);
      controller = await world.start('--orphan-grace', '1s');
      await until('it was tried', () => readyOf(world)?.reason === 'FetchFailed');
      await holds('nobody ends', 2500, () => pids().join() === before.join());
      renameSync(away, repository.path);
      await push(controller.address);
      for (const name of names) await pidOf(world, name);
      expect(pids()).toEqual(before);

      // Killed in the middle of looks, the last time with a commit that nobody has heard of.
      repository.commit({ 'note.md': '1', 'sub/d.yaml': sleeper('d') });
      await push(controller.address);
      await new Promise((resolve) => setTimeout(resolve, 60));
      await controller.end('SIGKILL');
      const last = repository.commit({ 'c.yaml': null });
      await world.start();
      await inForce(world, last);
      await pidOf(world, 'd');
      await until('c has ended', () => world.status('c') === undefined);
      expect(pids().filter((pid) => before.includes(pid))).toHaveLength(2);
      const left = readdirSync(join(world.state, 'sources', 'team')).toSorted();
      expect(left).toEqual(['current.json', 'mirror.git', 'revisions', 'tree']);
    }),
  120_000,
);

function currentOf(world: World): boolean {
  return readdirSync(join(world.state, 'sources', 'team')).includes('current.json');
}
