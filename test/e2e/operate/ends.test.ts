import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signalProcess } from '../../support/signal-process.ts';
import { agentProcesses } from '../support/agents.ts';
import { MAIN, projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';

/** A PATH with these programs and no others. */
function onlyPrograms(world: World, ...names: string[]): void {
  const folder = join(world.root, 'bin');
  mkdirSync(folder);
  const places = (process.env['PATH'] ?? '').split(':');
  for (const name of names) {
    for (const place of places) {
      try {
        symlinkSync(join(place, name), join(folder, name));
        break;
      } catch {
        // Already linked.
      }
    }
  }
  world.env['PATH'] = folder;
}

test('[S26] doctor and run name all that is missing at once, and nothing is made', () =>
  withWorld(async (world) => {
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
    onlyPrograms(world, 'sh');
    const doctor = await world.muxlet('doctor');
    expect(doctor.code).toBe(1);
    for (const tool of ['tmux', 'git', 'flock']) expect(doctor.stdout).toMatch(new RegExp(`FAIL +${tool} .*install`));
    const run = await world.muxlet('run', '--listen', '127.0.0.1:0');
    expect(run.code).toBe(1);
    for (const tool of ['tmux', 'git', 'flock']) expect(run.stderr).toContain(`${tool}: not installed`);
    expect(world.status('web')).toBeUndefined();
    expect(agentProcesses(world)).toEqual([]);
  }));

test('doctor finds nothing to fail on a machine that has what is needed', () =>
  withWorld(async (world) => {
    const { code, stdout } = await world.muxlet('doctor');
    expect(stdout).not.toContain('FAIL');
    expect(code).toBe(0);
  }));

test.each(['at rest', 'while tmux hangs'])('SIGTERM ends the controller within 5 s, %s, and no agent', (when) =>
  withWorld(async (world) => {
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
    const running = await world.start();
    await world.ready('web');
    const before = agentProcesses(world);
    const server = Number(await world.tmux('display-message', '-p', '#{pid}'));
    if (when === 'while tmux hangs') signalProcess(server, 'SIGSTOP');
    try {
      const began = Date.now();
      expect(await running.end('SIGTERM')).toBe(0);
      expect(Date.now() - began).toBeLessThan(5000);
    } finally {
      signalProcess(server, 'SIGCONT');
    }
    expect(agentProcesses(world)).toEqual(before);
  }),
);

test('--once ends with 0 once all is well, and with 1 where it will not be', () =>
  withWorld(async (world) => {
    expect((await world.muxlet('run', '--once')).code).toBe(0);
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
    expect((await world.muxlet('run', '--once')).code).toBe(0);
    expect(agentProcesses(world)).toHaveLength(1);
    world.spec('job.yaml', projectYaml('job', { dev: { command: ['true'], restartPolicy: 'Never' } }));
    expect((await world.muxlet('run', '--once')).code).toBe(0);
    world.spec('bad.yaml', projectYaml('bad', { dev: { command: ['false'], restartPolicy: 'Never' } }));
    expect((await world.muxlet('run', '--once')).code).toBe(1);
    world.spec('bad.yaml', projectYaml('bad', { dev: SLEEP }, { suspend: true }));
    const began = Date.now();
    expect((await world.muxlet('run', '--once')).code).toBe(1);
    expect(Date.now() - began).toBeLessThan(30_000);
    world.spec('bad.yaml', 'kind: [');
    expect((await world.muxlet('run', '--once', '--timeout', '5s')).code).toBe(1);
    expect(agentProcesses(world)).toHaveLength(1);
  }));

test('asked to end while it begins, it ends, and soon', () =>
  withWorld(async (world) => {
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
    for (const ms of [300, 500]) {
      const args = [MAIN, 'run', '--listen', '127.0.0.1:0'];
      const child = spawn(process.execPath, args, { env: world.env, cwd: world.root, stdio: 'ignore' });
      const ended = new Promise<boolean>((resolve) => child.once('exit', () => resolve(true)));
      await new Promise((resolve) => setTimeout(resolve, ms));
      child.kill('SIGTERM');
      const late = new Promise<boolean>((resolve) => setTimeout(resolve, 10_000, false).unref());
      expect(await Promise.race([ended, late])).toBe(true);
    }
  }));

test('down ends the controller, every agent, and our servers; a person’s session stays, with its server', () =>
  withWorld(async (world) => {
    const once = { command: SLEEP, restartPolicy: 'Never' };
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP, test: once }));
    const running = await world.start();
    await world.ready('web');
    await world.tmux('new-session', '-d', '-s', 'mine', 'sleep 100000');
    expect(await world.muxlet('down', '-y')).toMatchObject({ code: 0, stderr: '' });
    expect(await running.end()).toBe(0);
    expect(agentProcesses(world)).toEqual([]);
    expect(await world.tmux('list-sessions', '-F', '#{session_name}')).toContain('mine');
    await world.tmux('kill-session', '-t', '=mine');
    expect((await world.muxlet('down', '-y')).stdout).toContain(`tmux server ${world.socket} ended`);
    await until('the server is gone', () =>
      world.tmux('list-sessions').then(
        () => false,
        () => true,
      ),
    );
    expect((await world.muxlet('down', '-y')).stderr).toBe('nothing runs\n');
    // And from nothing it all comes up again, as what a person ended, and not as what was lost.
    await world.start();
    await until('they run again', () => agentProcesses(world).length === 2);
    await until('that is said', () => world.agent('web', 'test')?.restarts === 1);
    expect(world.agent('web', 'test')).toMatchObject({ failures: 0, lastExit: { kind: 'Ended', endedFor: 'Down' } });
    expect((await world.muxlet('events', '--types', 'Warning')).stdout).not.toContain('project/web');
  }));
