import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signalProcess } from '../../support/signal-process.ts';
import { giveClock } from '../support/clock.ts';
import { expectUntouched, inOrder, isAlive, startTeam, teamOf } from '../support/team.ts';
import { holds, projectYaml, SLEEP, until, withWorld } from '../support/world.ts';

const HOUR = 3_600_000;

test('[S79] the clock jumps an hour ahead: nobody times out, what was due is done once', () =>
  withWorld(async (world) => {
    const setOffset = giveClock(world);
    await startTeam(world);
    const backoff = { initialSeconds: 20, maxSeconds: 60, resetAfterSeconds: 60 };
    world.spec('sick.yaml', projectYaml('sick', { dev: { command: ['false'], backoff } }));
    await until('it waits', () => world.agent('sick', 'dev')?.state === 'CrashLoopBackOff');
    const before = teamOf(world);
    const restarts = world.agent('sick', 'dev')?.restarts ?? 0;
    setOffset(HOUR);
    signalProcess(before['ops']?.pid, 'SIGKILL');
    await until(
      'what happens now is still seen',
      () => teamOf(world)['ops']?.restarts === 1 && teamOf(world)['ops']?.ready,
    );
    await holds('others run on', 2000, () => {
      const now = teamOf(world);
      return now['dev']?.pid === before['dev']?.pid && now['test']?.pid === before['test']?.pid;
    });
    expect((world.agent('sick', 'dev')?.restarts ?? 0) - restarts).toBeLessThanOrEqual(1);
    expect(world.status('web')?.status.phase).toBe('Running');
  }));

test('[S79] the clock jumps an hour back: nothing waits for it to catch up', () =>
  withWorld(async (world) => {
    const setOffset = giveClock(world);
    await startTeam(world);
    const backoff = { initialSeconds: 1, maxSeconds: 1, resetAfterSeconds: 60 };
    world.spec('sick.yaml', projectYaml('sick', { dev: { command: ['false'], backoff } }));
    await until('it waits', () => world.agent('sick', 'dev')?.state === 'CrashLoopBackOff');
    const before = teamOf(world);
    setOffset(-HOUR);
    const restarts = world.agent('sick', 'dev')?.restarts ?? 0;
    await until('the pause ends', () => (world.agent('sick', 'dev')?.restarts ?? 0) > restarts, 5000);
    await world.tmux('kill-window', '-t', '=web:ops');
    await until('ops runs again', () => teamOf(world)['ops']?.restarts === 1 && teamOf(world)['ops']?.ready);
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP, ops: SLEEP }));
    await until('test is gone', () => teamOf(world)['test'] === undefined);
    expect(teamOf(world)['dev']).toEqual(before['dev']);
  }));

test('[S79] the clock jumps an hour back while an agent is given time to end: it still gets no more than its time', () =>
  withWorld(async (world) => {
    const setOffset = giveClock(world);
    await world.start();
    const command = ['sh', '-c', 'trap "" TERM HUP; while :; do sleep 1; done'];
    world.spec('web.yaml', projectYaml('web', { dev: { command }, ops: SLEEP }));
    await world.ready('web');
    const pid = world.agent('web', 'dev')?.pid;
    world.spec('web.yaml', projectYaml('web', { ops: SLEEP }));
    await until('TERM was sent', () => world.agent('web', 'dev')?.termination?.stage === 'Term');
    setOffset(-HOUR);
    await until('it is gone', () => !isAlive(pid), 25_000);
    expect(world.agent('web', 'ops')).toMatchObject({ ready: true, restarts: 0 });
  }));

test('[S76] a clock that trembles by a second, also across a restart of the controller, looks like no reboot', () =>
  withWorld(async (world) => {
    const setOffset = giveClock(world);
    const first = await startTeam(world);
    const before = teamOf(world);
    for (const offset of [1000, -1000, 400, -999, 1001, 0]) {
      setOffset(offset);
      await holds('everybody runs on', 300, () => teamOf(world)['dev']?.pid === before['dev']?.pid);
    }
    await first.end();
    setOffset(-1000);
    const second = await world.start();
    await world.ready('web');
    await second.end('SIGKILL');
    setOffset(1000);
    await world.start();
    await world.ready('web');
    await inOrder(world, ['dev', 'ops', 'test']);
    expectUntouched(world, before);
  }));

test('[S80] a spec file that is away for a moment, and a specs directory that is away for longer, end nobody', () =>
  withWorld(async (world) => {
    await startTeam(world);
    const before = teamOf(world);
    const file = join(world.specs, 'web.yaml');
    for (let round = 0; round < 5; round += 1) {
      renameSync(file, join(world.root, 'away'));
      await new Promise((resolve) => setTimeout(resolve, 40 * round));
      renameSync(join(world.root, 'away'), file);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    await holds('nobody is ended', 700, () => teamOf(world)['dev']?.pid === before['dev']?.pid);
    renameSync(world.specs, `${world.specs}-away`);
    await holds('nobody is ended', 2500, () => teamOf(world)['dev']?.pid === before['dev']?.pid);
    renameSync(`${world.specs}-away`, world.specs);
    await world.ready('web');
    expect(world.status('web')?.metadata.deletionTimestamp).toBeUndefined();
    expectUntouched(world, before);
    rmSync(file);
    await until('a file that stays away ends the project', () => world.status('web') === undefined);
  }));

test('[S80] the record says that an agent is gone while it runs, or that it runs while it is gone: what is seen counts', () =>
  withWorld(async (world) => {
    const first = await startTeam(world);
    const before = teamOf(world);
    const [dev] = world.status('web')?.status.agents ?? [];
    await first.end('SIGKILL');
    const file = join(world.state, 'status', 'project', 'web.json');
    const object = JSON.parse(readFileSync(file, 'utf8'));
    const finishedAt = new Date().toISOString();
    const lastExit = { run: dev?.run, reason: 'Error', exitCode: 1, finishedAt, output: [] };
    Object.assign(object.status.agents[0], { state: 'Exited', ready: false, lastExit });
    writeFileSync(file, JSON.stringify(object));
    signalProcess(before['ops']?.pid, 'SIGKILL');
    await world.start();
    await until('ops runs again', () => teamOf(world)['ops']?.restarts === 1 && teamOf(world)['ops']?.ready);
    await world.ready('web');
    expect(teamOf(world)['dev']?.pid).toBe(before['dev']?.pid);
    expect(teamOf(world)['dev']?.restarts).toBe(0);
    expect(teamOf(world)['test']).toEqual(before['test']);
  }));
