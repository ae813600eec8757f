import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectUntouched, inOrder, startTeam, teamOf } from '../support/team.ts';
import { holds, projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';

const ALL = ['dev', 'ops', 'test'];

function statusFile(world: World, project = 'web'): string {
  return join(world.state, 'status', 'project', `${project}.json`);
}

interface Loss {
  readonly what: string;
  readonly lose: (world: World) => Promise<unknown> | undefined;
}

const LOSSES: readonly Loss[] = [
  { what: 'nothing was lost', lose: () => undefined },
  { what: '[S63] the record of the object was never written', lose: async (world) => rmSync(statusFile(world)) },
  {
    what: '[S63] neither the object nor its inventory was written',
    lose: async (world) => {
      rmSync(statusFile(world));
      rmSync(join(world.state, 'inventory.json'));
    },
  },
  { what: 'the whole state is gone', lose: async (world) => rmSync(world.state, { recursive: true }) },
  {
    what: '[S41] the record names no session, pane or process',
    lose: async (world) => {
      const object = JSON.parse(readFileSync(statusFile(world), 'utf8'));
      delete object.status.session;
      for (const agent of object.status.agents) {
        delete agent.pane;
        delete agent.pid;
        delete agent.processStart;
      }
      writeFileSync(statusFile(world), JSON.stringify(object));
    },
  },
  {
    what: '[S42] the session was renamed meanwhile',
    lose: (world) => world.tmux('rename-session', '-t', '=web', 'elsewhere'),
  },
  {
    what: '[S42] the record names another session',
    lose: async (world) => {
      const object = JSON.parse(readFileSync(statusFile(world), 'utf8'));
      object.status.session = { ...object.status.session, id: '$77', name: 'elsewhere' };
      writeFileSync(statusFile(world), JSON.stringify(object));
    },
  },
];

for (const { what, lose } of LOSSES) {
  test(`[S70] a controller that comes back adopts what runs: ${what}`, () =>
    withWorld(async (world) => {
      const first = await startTeam(world);
      const before = teamOf(world);
      const uid = world.status('web')?.metadata.uid;
      await first.end('SIGKILL');
      await lose(world);
      await world.start();
      await until('it is on record', () => existsSync(statusFile(world)));
      await world.ready('web');
      await inOrder(world, ALL);
      const after = teamOf(world);
      for (const agent of ALL) expect(after[agent]).toEqual(before[agent]);
      expect(world.status('web')?.metadata.uid).toBe(uid);
      await until('the session has its name', () => world.status('web')?.status.session?.name === 'web');
      await holds('nobody is restarted later', 500, () =>
        ALL.every((agent) => teamOf(world)[agent]?.pid === before[agent]?.pid),
      );
    }));
}

test('[S63] a session of which only a part was made before the crash is completed, and what runs is kept', () =>
  withWorld(async (world) => {
    const first = await startTeam(world);
    const before = teamOf(world);
    await first.end('SIGKILL');
    rmSync(world.state, { recursive: true });
    await world.tmux('kill-window', '-t', '=web:ops');
    await world.start();
    await world.ready('web');
    await inOrder(world, ALL);
    expect(teamOf(world)['dev']).toEqual(before['dev']);
    expect(teamOf(world)['test']).toEqual(before['test']);
  }));

test('[S41] state/ deleted under the running controller is written again, and nobody is restarted', () =>
  withWorld(async (world) => {
    await world.start('--resync', '1s');
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP, ops: SLEEP, test: SLEEP }));
    await world.ready('web');
    const before = teamOf(world);
    const uid = world.status('web')?.metadata.uid;
    rmSync(join(world.state, 'status'), { recursive: true });
    rmSync(join(world.state, 'inventory.json'));
    await until('it is on record again', () => world.status('web')?.metadata.uid === uid);
    expectUntouched(world, before);
  }));
