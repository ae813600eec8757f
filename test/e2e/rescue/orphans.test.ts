import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agentProcesses } from '../support/agents.ts';
import { metric } from '../support/scrape.ts';
import { isAlive, startTeam, teamOf } from '../support/team.ts';
import { holds, projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';

/** A team runs, and neither state nor spec speaks of it any more. */
async function orphaned(world: World): Promise<readonly number[]> {
  const controller = await startTeam(world);
  const pids = Object.values(teamOf(world)).map(({ pid }) => pid ?? 0);
  await controller.end('SIGKILL');
  rmSync(world.state, { recursive: true });
  rmSync(join(world.specs, 'web.yaml'));
  return pids;
}

async function sessionNames(world: World): Promise<string[]> {
  return (await world.tmux('list-sessions', '-F', '#{session_name}').catch(() => '')).split('\n');
}

test(
  '[S62] what bears our mark and has no object is left alone for its grace, and ended after it',
  () =>
    withWorld(async (world) => {
      const startedAt = Date.now();
      const pids = await orphaned(world);
      const controller = await world.start('--orphan-grace', '8s');
      await until(
        'it is counted',
        async () => (await metric(controller, 'muxlet_audit_mismatches{kind="Orphan"}')) === 1,
      );
      await holds('it is young', startedAt + 7000 - Date.now(), () => pids.every(isAlive));
      await until('its processes are ended', () => !pids.some(isAlive), 20_000);
      await until('its session is gone', async () => !(await sessionNames(world)).includes('web'));
      expect((await world.muxlet('events', '-o', 'json')).stdout).toContain('Orphaned');
      await until(
        'nothing is left',
        async () => (await metric(controller, 'muxlet_audit_mismatches{kind="Orphan"}')) === 0,
      );
      expect((await world.muxlet('get', 'projects', '-o', 'name')).stdout).toBe('');
    }),
  60_000,
);

test('[S62] by default an orphan is left alone for an hour', () =>
  withWorld(async (world) => {
    const pids = await orphaned(world);
    await world.start();
    await holds('nobody is touched', 3000, () => pids.every(isAlive));
    expect(await sessionNames(world)).toContain('web');
  }));

test('[S63] [S141] an orphan that is declared again is adopted and not ended', () =>
  withWorld(async (world) => {
    const pids = await orphaned(world);
    await world.start('--orphan-grace', '20s');
    await holds('it is left alone', 1000, () => pids.every(isAlive));
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP, ops: SLEEP, test: SLEEP }));
    await world.ready('web');
    expect(Object.values(teamOf(world)).map(({ pid }) => pid)).toEqual(pids);
  }));

test("what another state directory's controller made on the same tmux server is never taken for an orphan", () =>
  withWorld(async (world) => {
    const first = await startTeam(world);
    const before = teamOf(world);
    await first.end();
    const other = { specs: join(world.root, 'specs2'), state: join(world.root, 'state2') };
    mkdirSync(other.specs, { mode: 0o700 });
    const second = await world.start('--specs', other.specs, '--state', other.state, '--orphan-grace', '500ms');
    await until('it was seen', async () => (await metric(second, 'muxlet_audit_mismatches{kind="Orphan"}')) === 1);
    await holds('it is untouched', 3000, () => Object.values(before).every(({ pid }) => isAlive(pid)));
    const audit = await world.muxlet('audit', '--specs', other.specs, '--state', other.state);
    expect(audit.code).toBe(1);
    expect(audit.stdout).toContain("another controller's");
    const kill = await world.muxlet('recover', 'kill-zombie', '--all', '--specs', other.specs, '--state', other.state);
    expect(kill).toMatchObject({ code: 0, stdout: '' });
    await second.end();
    await world.start();
    await world.ready('web');
    expect(teamOf(world)).toEqual(before);
  }));

test('[S62] while a spec cannot be read, nothing is taken for an orphan', () =>
  withWorld(async (world) => {
    const pids = await orphaned(world);
    writeFileSync(join(world.specs, 'web.yaml'), 'apiVersion: muxlet.dev/v1alpha1\nkind: [');
    await world.start('--orphan-grace', '500ms');
    await holds('it may be in that file', 3000, () => pids.every(isAlive));
    rmSync(join(world.specs, 'web.yaml'));
    await until('it is in none', () => !pids.some(isAlive));
  }));

test("[S35] [S62] an orphan's end leaves a person's window in its session, and the session with it", () =>
  withWorld(async (world) => {
    const pids = await orphaned(world);
    const session = await world.tmux('display-message', '-p', '-t', '=web:', '#{session_id}');
    const mine = await world.tmux('new-window', '-d', '-t', '=web:', '-P', '-F', '#{pane_pid}', 'sleep', '100000');
    await world.start('--orphan-grace', '500ms');
    await until('its processes are ended', () => !pids.some(isAlive));
    const marks = '#{@muxlet-session}#{@muxlet-uid}';
    await until(
      'the session is released',
      async () => (await world.tmux('display-message', '-p', '-t', session, marks)) === '',
    );
    expect(isAlive(Number(mine))).toBe(true);
    expect(await sessionNames(world)).toContain(`web~${session.slice(1)}`);
  }));

test('[S62] what is of unknown age counts as young from when it was first seen', () =>
  withWorld(async (world) => {
    const controller = await startTeam(world);
    const mark = await world.tmux('display-message', '-p', '-t', '=web:', '#{@muxlet-session}');
    await controller.end('SIGKILL');
    const pid = await world.tmux('new-session', '-d', '-s', 'old', '-P', '-F', '#{pane_pid}', 'sleep', '100000');
    const id = await world.tmux('display-message', '-p', '-t', '=old:', '#{session_id}');
    const [, , , home] = mark.split(' ');
    const own = `${id} 11111111-2222-4333-8444-555555555555 old ${home}`;
    await world.tmux('set-option', '-t', '=old:', '@muxlet-session', own);
    const markOf = () => world.tmux('display-message', '-p', '-t', '=old:', '#{@muxlet-session}');
    await world.start('--orphan-grace', '4s');
    await holds('it is young', 3000, async () => (await markOf()) === own);
    await until('its mark is taken off', async () => (await markOf()) === '');
    expect(isAlive(Number(pid))).toBe(true);
  }));

test('[S35] [S43] sessions of others are never listed, marked or touched, and make no project', () =>
  withWorld(async (world) => {
    const names = ['0', 'work', 'client-integration-deployment-2024', 'web-2'];
    const controller = await startTeam(world);
    for (const name of names) await world.tmux('new-session', '-d', '-s', name, 'sleep', '100000');
    const look = () =>
      world.tmux('list-panes', '-a', '-F', '#{session_name} #{pane_pid} #{@muxlet-session} #{window_name}');
    const before = await look();
    await controller.end();
    const second = await world.start('--orphan-grace', '250ms', '--resync', '500ms');
    await holds('all is as it was', 3000, async () => (await look()) === before);
    expect((await world.muxlet('get', 'projects', '-o', 'name')).stdout).toBe('project/web\n');
    expect(await metric(second, 'muxlet_audit_mismatches{kind="Orphan"}')).toBe(0);
    expect((await world.muxlet('recover', 'list')).stdout).toBe('');
  }));

test(
  '[S49] while processes without a session are ended, the project is Zombie, and Running after it',
  () =>
    withWorld(async (world) => {
      await world.start();
      const command = ['sh', '-c', 'trap "" HUP TERM; sleep 100000 & while :; do sleep 0.2; done'];
      world.spec('web.yaml', projectYaml('web', { dev: command }));
      await world.ready('web');
      const before = teamOf(world)['dev']?.pid;
      await world.tmux('kill-session', '-t', '=web');
      const status = await until('it is said', () => {
        const now = world.status('web')?.status;
        return now?.phase === 'Zombie' && now;
      });
      expect(status.conditions.find(({ type }) => type === 'Reconciling')).toMatchObject({ reason: 'Zombie' });
      await until('it runs', () => world.status('web')?.status.phase === 'Running', 25_000);
      expect(isAlive(before)).toBe(false);
      expect(agentProcesses(world).every(({ pid }) => pid !== before)).toBe(true);
    }),
  60_000,
);
