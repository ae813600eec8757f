import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signalProcess } from '../../support/signal-process.ts';
import { inOrder, isAlive, serverPid, startTeam, teamOf } from '../support/team.ts';
import { projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';

const QUICK = { initialSeconds: 0.01, maxSeconds: 0.01, resetAfterSeconds: 0 };

/*
 * tmux up to 3.5a ignores SIGCHLD while it runs its utmp helper: most deaths by kill -9 under remain-on-exit are not
 * told to anybody, and the pane is dead without a code until tmux is asked to look again.
 */
test('[S50] thirty deaths by kill -9 in a row: each is noticed, with its signal, and none is left without a successor', () =>
  withWorld(async (world) => {
    await world.start();
    world.spec('web.yaml', projectYaml('web', { dev: { command: SLEEP, backoff: QUICK }, ops: SLEEP }));
    await world.ready('web');
    const server = await serverPid(world);
    for (let round = 1; round <= 30; round += 1) {
      const before = teamOf(world)['dev'];
      signalProcess(before?.pid, 'SIGKILL');
      await until(
        `restart ${round}`,
        () => teamOf(world)['dev']?.restarts === round && teamOf(world)['dev']?.ready,
        3000,
      );
      expect(world.agent('web', 'dev')?.lastExit).toMatchObject({ pid: before?.pid, reason: 'Signal', signal: 9 });
    }
    expect(teamOf(world)['ops']?.restarts).toBe(0);
    expect(await serverPid(world)).toBe(server);
  }));

test('[S50] whole teams killed in one go, ten times: everybody is replaced each time, and the tmux server lives', () =>
  withWorld(async (world) => {
    await world.start();
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const agents = Object.fromEntries(names.map((name) => [name, { command: SLEEP, backoff: QUICK }]));
    world.spec('web.yaml', projectYaml('web', agents));
    world.spec('app.yaml', projectYaml('app', agents));
    await world.ready('web');
    await world.ready('app');
    const server = await serverPid(world);
    for (let round = 1; round <= 10; round += 1) {
      for (const project of ['web', 'app']) {
        for (const { pid } of Object.values(teamOf(world, project))) signalProcess(pid, 'SIGKILL');
      }
      for (const project of ['web', 'app']) {
        await until(`${project} is whole again, round ${round}`, () =>
          Object.values(teamOf(world, project)).every(({ ready, restarts }) => ready && restarts === round),
        );
      }
    }
    await inOrder(world, names);
    await inOrder(world, names, 'app');
    expect(await serverPid(world)).toBe(server);
  }));

test('[S70] the controller is killed again and again while sessions churn: each next one works, and no ghost of a client stays', () =>
  withWorld(async (world) => {
    const churn = { command: ['sh', '-c', 'seq 2000; exit 1'], backoff: QUICK };
    let server: number | undefined;
    let pid: number | undefined;
    for (let round = 0; round < 6; round += 1) {
      const controller = await world.start();
      world.spec('churn.yaml', projectYaml('churn', { one: churn, two: churn, [`r${round}`]: SLEEP }));
      world.spec('calm.yaml', projectYaml('calm', { dev: SLEEP }));
      await world.ready('calm');
      pid ??= world.agent('calm', 'dev')?.pid;
      server ??= await serverPid(world);
      await until('the new agent runs', () => world.agent('churn', `r${round}`)?.ready);
      expect(world.agent('calm', 'dev')?.pid).toBe(pid);
      for (let made = 0; made < 5; made += 1)
        void world.tmux('new-session', '-d', '-s', `p${round}-${made}`, 'seq 9999');
      await controller.end('SIGKILL');
    }
    await world.start();
    rmSync(join(world.specs, 'churn.yaml'));
    await until('the churn is gone', () => world.status('churn') === undefined);
    await world.ready('calm');
    expect(world.agent('calm', 'dev')).toMatchObject({ pid, restarts: 0 });
    expect((await world.tmux('list-clients', '-F', '#{client_control_mode}')).split('\n')).toEqual(['1']);
    expect(await serverPid(world)).toBe(server);
    await world.tmux('new-session', '-d', '-s', 'still-works', 'sleep', '7777');
    await world.tmux('kill-session', '-t', '=still-works');
  }));

async function controlClient(world: World): Promise<number> {
  const clients = await world.tmux('list-clients', '-F', '#{client_control_mode} #{client_pid}');
  return Number(
    clients
      .split('\n')
      .find((line) => line.startsWith('1 '))
      ?.slice(2),
  );
}

test('[S47] our control client is killed, stopped or detached by a person: it is replaced or waited for, and nobody is restarted', () =>
  withWorld(async (world) => {
    await startTeam(world);
    const before = teamOf(world);
    for (const disturb of [
      async () => signalProcess(await controlClient(world), 'SIGKILL'),
      async () => signalProcess(await controlClient(world), 'SIGSTOP'),
      () => world.tmux('detach-client', '-a').catch(() => world.tmux('detach-client', '-s', '=_muxlet')),
      () => world.tmux('kill-session', '-t', '=_muxlet'),
    ]) {
      await disturb();
      const { restarts = 0, pid } = teamOf(world)['ops'] ?? {};
      signalProcess(pid, 'SIGKILL');
      await until(
        'ops runs again',
        () => teamOf(world)['ops']?.restarts === restarts + 1 && teamOf(world)['ops']?.ready,
        25_000,
      );
      for (const agent of ['dev', 'test']) expect(teamOf(world)[agent]).toEqual(before[agent]);
    }
    for (const agent of ['dev', 'test']) expect(isAlive(before[agent]?.pid)).toBe(true);
  }));
