import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signalProcess } from '../../support/signal-process.ts';
import { tellEverything, titles } from '../alert/support.ts';
import { expectUntouched, inOrder, isAlive, serverPid, startTeam, teamOf } from '../support/team.ts';
import { holds, MAIN, projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';

const ALL = ['dev', 'ops', 'test'];

function readyCondition(world: World, project = 'web') {
  return world.status(project)?.status.conditions.find(({ type }) => type === 'Ready');
}

function socketPath(world: World): string {
  return join(world.env['TMUX_TMPDIR'] ?? '', `tmux-${process.getuid?.()}`, world.socket);
}

test('[S44] inside another tmux, only our own server is touched, and nothing of the other one leaks to agents', () =>
  withWorld(async (world) => {
    const outer = (...args: string[]) =>
      execFileSync('tmux', ['-L', `${world.socket}-outer`, ...args], { env: world.env, encoding: 'utf8' }).trim();
    outer('-f', '/dev/null', 'new-session', '-d', '-s', 'web', 'sleep', '7777');
    const list = (format: string) => outer('list-panes', '-a', '-F', format);
    const facts = '#{session_id} #{session_name} #{window_name} #{pane_id} #{pane_pid} #{session_windows}';
    const before = list(facts);
    Object.assign(world.env, { TMUX: `${socketPath(world)}-outer,${list('#{pid}')},0`, TMUX_PANE: '%0' });
    await world.start();
    const printed = join(world.work, 'env');
    const command = ['sh', '-c', `env > ${printed}.new; mv ${printed}.new ${printed}; exec sleep 100000`];
    world.spec('web.yaml', projectYaml('web', { dev: { command } }));
    await world.ready('web');
    const env = await until('the agent says its environment', () =>
      execFileSync('cat', [printed], { encoding: 'utf8' }),
    );
    expect(env).toMatch(new RegExp(`^TMUX=${socketPath(world)},`, 'm'));
    await world.tmux('kill-session', '-t', '=web');
    await until('it runs again', () => world.agent('web', 'dev')?.restarts === 1 && world.agent('web', 'dev')?.ready);
    rmSync(join(world.specs, 'web.yaml'));
    await until('it is gone', () => world.status('web') === undefined);
    expect(list(facts)).toBe(before);
  }));

test('[S44] with nothing but PATH in its environment, as under a service manager, it works on the named server', () =>
  withWorld(async (world) => {
    for (const name of ['HOME', 'LANG']) delete world.env[name];
    await startTeam(world);
    await inOrder(world, ALL);
    const plan = await world.muxlet('plan');
    expect(plan.stdout).not.toMatch(/create|start|rename|move/);
    expect(plan.code).toBe(0);
  }));

test('[S45] the socket vanishes while the server lives: not known is said, nothing is started twice, nobody is restarted, no receiver is told of deaths', () =>
  withWorld(async (world) => {
    tellEverything(world);
    await startTeam(world);
    const before = teamOf(world);
    const pid = await serverPid(world);
    renameSync(socketPath(world), `${socketPath(world)}.hidden`);
    // The connection that stands is not hit; one that must be made anew is.
    const client = await world.tmux('-S', `${socketPath(world)}.hidden`, 'list-clients', '-F', '#{client_pid}');
    signalProcess(Number(client), 'SIGKILL');
    await holds('nobody is restarted', 1500, () =>
      ALL.every((agent) => teamOf(world)[agent]?.pid === before[agent]?.pid),
    );
    await world.ready('web');
    expectUntouched(world, before);
    expect(await serverPid(world)).toBe(pid);
    expect(titles(world).join('\n')).toContain('AgentStarted');
    expect(titles(world).join('\n')).not.toMatch(/AgentExited|AgentRestarted|SessionMissing|TmuxServerLost/);
  }));

const canHide = (() => {
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

test.skipIf(!canHide)(
  '[S45] a controller from which a private /tmp hides the socket says TmuxUnreachable, and makes no second server',
  () =>
    withWorld(async (world) => {
      const first = await startTeam(world);
      const before = teamOf(world);
      await first.end();
      const hide = `mount -t tmpfs none "$TMUX_TMPDIR" && exec "$@"`;
      const flags = ['run', '--listen', '127.0.0.1:0', '--log-format', 'json'];
      const child = spawn('unshare', ['-m', 'sh', '-c', hide, 'sh', process.execPath, MAIN, ...flags], {
        env: world.env,
        cwd: world.root,
        stdio: 'ignore',
      });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      try {
        await until('it is said', () => readyCondition(world)?.reason === 'TmuxUnreachable');
        expect(readyCondition(world)?.status).toBe('Unknown');
        await holds('nothing is ended', 1500, () => Object.values(before).every(({ pid }) => isAlive(pid)));
        expect(world.status('web')?.status.agents.map(({ restarts }) => restarts)).toEqual([0, 0, 0]);
      } finally {
        child.kill('SIGTERM');
        await ended;
      }
      await world.start();
      await world.ready('web');
      await inOrder(world, ALL);
      expectUntouched(world, before);
    }),
);

test('[S47] a tmux server that does not answer: Unknown, nothing is ended or failed; it goes on where it was', () =>
  withWorld(async (world) => {
    const controller = await startTeam(world);
    const before = teamOf(world);
    const pid = await serverPid(world);
    signalProcess(pid, 'SIGSTOP');
    try {
      signalProcess(before['ops']?.pid, 'SIGKILL');
      world.spec('late.yaml', projectYaml('late', { dev: SLEEP }));
      await until('it is not known', () => readyCondition(world)?.status === 'Unknown', 20_000);
      expect(readyCondition(world)?.reason).toBe('TmuxUnresponsive');
      expect(world.status('web')?.status.agents.map(({ state }) => state)).toEqual(['Unknown', 'Unknown', 'Unknown']);
      expect(world.status('web')?.status.phase).toBe('Running');
      expect((await fetch(`${controller.address}/healthz`)).status).toBe(200);
      expect(isAlive(before['dev']?.pid)).toBe(true);
    } finally {
      signalProcess(pid, 'SIGCONT');
    }
    await until(
      'all run',
      () => teamOf(world)['ops']?.restarts === 1 && Object.values(teamOf(world)).every((a) => a.ready),
      30_000,
    );
    await world.ready('late');
    await inOrder(world, ALL);
    for (const agent of ['dev', 'test']) expect(teamOf(world)[agent]).toEqual(before[agent]);
    expect(await serverPid(world)).toBe(pid);
  }));

test('[S48] a tmux server that keeps dying is started less and less often, and everything is back when it lives', () =>
  withWorld(async (world) => {
    await startTeam(world);
    const pids = new Set<number>();
    const end = Date.now() + 2500;
    while (Date.now() < end) {
      const pid = await serverPid(world).catch(() => undefined);
      if (pid !== undefined && !pids.has(pid)) {
        pids.add(pid);
        signalProcess(pid, 'SIGKILL');
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(pids.size).toBeGreaterThanOrEqual(2);
    expect(pids.size).toBeLessThanOrEqual(4);
    await until('all run again', () => Object.values(teamOf(world)).every(({ ready }) => ready), 30_000);
    await inOrder(world, ALL);
  }));

test('[S48] a server that other people use as well is adopted: their options and sessions stay as they are', () =>
  withWorld(async (world) => {
    mkdirSync(join(world.root, 'home'), { recursive: true });
    await world.tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'work', 'sleep', '7777');
    await world.tmux('set-option', '-g', 'base-index', '1', ';', 'set-option', '-g', 'renumber-windows', 'on');
    const theirs = await world.tmux('list-panes', '-s', '-t', '=work:', '-F', '#{pane_id} #{pane_pid}');
    await startTeam(world);
    await inOrder(world, ALL);
    const before = teamOf(world);
    await world.tmux('kill-window', '-t', '=web:ops');
    await until('ops runs again', () => teamOf(world)['ops']?.restarts === 1 && teamOf(world)['ops']?.ready);
    await inOrder(world, ALL);
    expect(teamOf(world)['dev']).toEqual(before['dev']);
    expect(await world.tmux('list-panes', '-s', '-t', '=work:', '-F', '#{pane_id} #{pane_pid}')).toBe(theirs);
    expect(await world.tmux('show-options', '-gv', 'base-index')).toBe('1');
  }));
