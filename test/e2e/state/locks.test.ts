import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agentProcesses } from '../support/agents.ts';
import { projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';

const WEB = projectYaml('web', { dev: SLEEP });

function tmuxLock(world: World): string {
  return join(world.root, 'tmux', `tmux-${process.getuid?.() ?? 0}`, `${world.socket}.muxlet-lock`);
}

test('[S135] of controllers that are started together, one leads and the others say who it is', () =>
  withWorld(async (world) => {
    world.spec('web.yaml', WEB);
    const started = await Promise.allSettled([world.start(), world.start(), world.start()]);
    const leaders = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(leaders).toHaveLength(1);
    for (const one of started) {
      if (one.status !== 'rejected') continue;
      expect(String(one.reason)).toContain(`process ${leaders[0]?.pid}`);
    }
    await world.ready('web');
    expect(agentProcesses(world)).toHaveLength(1);
  }));

test('[S135] a second controller exits 1, on the same state and on the same tmux server alike', () =>
  withWorld(async (world) => {
    const { pid, address } = await world.start();
    const sameState = await world.muxlet('run', '--listen', '127.0.0.1:0', '--tmux-socket', 'another');
    expect(sameState.code).toBe(1);
    expect(sameState.stderr).toContain(`the state directory ${world.state} is held by process ${pid}`);
    expect(sameState.stderr).toContain(address);
    const other = join(world.root, 'other');
    const sameServer = await world.muxlet('run', '--listen', '127.0.0.1:0', '--state', other);
    expect(sameServer.code).toBe(1);
    expect(sameServer.stderr).toContain(`the tmux server ${world.socket} is held by process ${pid}`);
    expect(sameServer.stderr).toContain(world.state);
  }));

test('[S136] SIGKILL frees the lock at once, whatever stands in the file', () =>
  withWorld(async (world) => {
    for (let round = 0; round < 3; round += 1) {
      const running = await world.start();
      await running.end('SIGKILL');
    }
    await world.start();
  }));

test('[S136] a controller that lives keeps its lock although the file was deleted', () =>
  withWorld(async (world) => {
    world.spec('web.yaml', WEB);
    const running = await world.start('--resync', '1s');
    await world.ready('web');
    rmSync(join(world.state, 'lock'));
    const second = await world.muxlet('run', '--listen', '127.0.0.1:0');
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`process ${running.pid}`);
    expect(running.process.exitCode).toBeNull();
  }));

test('[S137] who lost both locks while suspended ends with 1 and changes nothing of its successor', () =>
  withWorld(async (world) => {
    world.spec('web.yaml', WEB);
    const first = await world.start();
    await world.ready('web');
    const before = agentProcesses(world);
    first.process.kill('SIGSTOP');
    rmSync(join(world.state, 'lock'));
    rmSync(tmuxLock(world));
    const second = await world.start();
    rmSync(join(world.specs, 'web.yaml'));
    world.spec('api.yaml', projectYaml('api', { dev: SLEEP }));
    await world.ready('api');
    await until('web is gone', () => world.status('web') === undefined && agentProcesses(world).length === 1);
    world.spec('web.yaml', WEB);
    const web = await world.ready('web');
    const now = agentProcesses(world);
    const ended = first.end('SIGCONT');
    expect(await ended).toBe(1);
    expect(first.log()).toContain('lost the lock');
    expect(agentProcesses(world)).toEqual(now);
    expect(before.some(({ pid }) => now.some((one) => one.pid === pid))).toBe(false);
    expect(world.status('web')?.metadata.uid).toBe(web.metadata.uid);
    expect((await world.muxlet('get', 'projects', '-o', 'name')).stderr).toBe('');
    expect(second.process.exitCode).toBeNull();
  }));
