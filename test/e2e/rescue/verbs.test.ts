import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signalProcess } from '../../support/signal-process.ts';
import { agentProcesses } from '../support/agents.ts';
import { expectUntouched, isAlive, startTeam, teamOf } from '../support/team.ts';
import { holds, projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';

function overlayFile(world: World, name = 'web'): string {
  return join(world.state, 'overlays', 'project', `${name}.json`);
}

test('suspend ends the agents and the session, resume has them go on; the spec file is not touched', () =>
  withWorld(async (world) => {
    await startTeam(world);
    const { uid } = world.status('web')?.metadata ?? {};
    const said = await world.muxlet('suspend', 'project', 'web');
    expect(said).toEqual({ code: 0, stdout: 'project/web suspended\n', stderr: '' });
    await until('it is suspended', () => world.status('web')?.status.phase === 'Suspended');
    await until('nothing of it runs', () => agentProcesses(world).length === 0);
    await until('its session is gone', async () => {
      const sessions = await world.tmux('list-sessions', '-F', '#{session_name}').catch(() => '');
      return !sessions.split('\n').includes('web');
    });
    expect((await world.muxlet('suspend', 'project', 'web')).stdout).toBe('project/web unchanged\n');
    const resumed = await world.muxlet('resume', 'project', 'web');
    expect(resumed).toEqual({ code: 0, stdout: 'project/web resumed\n', stderr: '' });
    await world.ready('web');
    expect(world.status('web')?.metadata.uid).toBe(uid);
    expect(Object.values(teamOf(world)).map(({ restarts }) => restarts)).toEqual([1, 1, 1]);
  }));

test('suspend --keep-session leaves what runs alone and starts nothing', () =>
  withWorld(async (world) => {
    await startTeam(world);
    const before = teamOf(world);
    await world.muxlet('suspend', 'projects', '--all', '--keep-session');
    await until('it is suspended', () => world.status('web')?.status.phase === 'Suspended');
    expectUntouched(world, before);
    signalProcess(before['dev']?.pid, 'SIGKILL');
    await until('its end is seen', () => world.agent('web', 'dev')?.lastExit !== undefined);
    await holds('it is not started', 700, () => world.agent('web', 'dev')?.pid === undefined);
    await world.muxlet('resume', 'project/web');
    await world.ready('web');
    expect(teamOf(world)['ops']).toEqual(before['ops']);
  }));

test('resume of what its own spec suspends is an error that says what to edit', () =>
  withWorld(async (world) => {
    await world.start();
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP }, { suspend: true }));
    await until('it is suspended', () => world.status('web')?.status.phase === 'Suspended');
    const { code, stderr } = await world.muxlet('resume', 'project', 'web');
    expect(code).toBe(1);
    expect(stderr).toContain('muxlet edit project web');
  }));

test('restart ends and starts each agent once, and with -a only the one that is named', () =>
  withWorld(async (world) => {
    await startTeam(world);
    const first = teamOf(world);
    await world.muxlet('restart', 'project', 'web', '-a', 'dev');
    await until('dev runs again', () => teamOf(world)['dev']?.restarts === 1 && teamOf(world)['dev']?.ready);
    expect(isAlive(first['dev']?.pid)).toBe(false);
    expect(teamOf(world)['ops']).toEqual(first['ops']);
    expect(world.agent('web', 'dev')).toMatchObject({
      failures: 0,
      lastExit: { endedFor: 'Restarted', kind: 'Ended' },
    });
    expect((await world.muxlet('restart', 'project/web')).stdout).toBe('project/web restarted\n');
    await until('all run again', () =>
      Object.values(teamOf(world)).every(({ ready, restarts }) => ready && restarts > 0),
    );
    await holds('once each', 700, () => {
      const { dev, ops, test: third } = teamOf(world);
      return dev?.restarts === 2 && ops?.restarts === 1 && third?.restarts === 1;
    });
    expect((await world.muxlet('restart', 'project', 'web', '-a', 'nobody')).stderr).toContain('dev, ops, test');
  }));

test('[S31] several names and labels choose as in kubectl, and one that is not there does not keep the others', () =>
  withWorld(async (world) => {
    await world.start();
    for (const [name, team] of [
      ['web', 'a'],
      ['web-api', 'a'],
      ['docs', 'b'],
    ] as const) {
      const project = JSON.parse(projectYaml(name, { dev: SLEEP }));
      project.metadata.labels = { team };
      world.spec(`${name}.yaml`, JSON.stringify(project));
    }
    for (const name of ['web', 'web-api', 'docs']) await world.ready(name);
    const some = await world.muxlet('suspend', 'projects', '-l', 'team=a', '--keep-session');
    expect(some.stdout).toBe('project/web suspended\nproject/web-api suspended\n');
    const named = await world.muxlet('resume', 'project', 'web', 'nothing', 'web-api');
    expect(named.code).toBe(1);
    expect(named.stdout).toBe('project/web resumed\nproject/web-api resumed\n');
    expect(named.stderr).toContain('projects "nothing" not found');
    expect((await world.muxlet('suspend', 'projects')).code).toBe(2);
    expect((await world.muxlet('suspend', 'agents', '--all')).code).toBe(2);
  }));

test('a broken overlay is a problem that names it, and changes nothing', () =>
  withWorld(async (world) => {
    await startTeam(world);
    await world.muxlet('suspend', 'project', 'web', '--keep-session');
    await until('it is suspended', () => world.status('web')?.status.phase === 'Suspended');
    const before = teamOf(world);
    writeFileSync(overlayFile(world), '{ "version": 1, "annotations": { "muxlet.dev/suspend": "Perhaps" } }');
    const shown = await until('it is a problem', async () => {
      const { stdout } = await world.muxlet('get', 'problems', '-o', 'wide');
      return stdout.includes('OverlayInvalid') && stdout;
    });
    expect(shown).toContain('overlays/project/web.json');
    expect(shown).toContain('Perhaps');
    await holds('it stays suspended', 500, () => world.status('web')?.status.phase === 'Suspended');
    expectUntouched(world, before);
    const { code, stderr } = await world.muxlet('resume', 'project', 'web');
    expect({ code, names: stderr.includes(overlayFile(world)) }).toEqual({ code: 1, names: true });
    rmSync(overlayFile(world));
    await until('it goes on', () => world.status('web')?.status.phase === 'Running');
    mkdirSync(overlayFile(world, 'api'), { recursive: true });
    await holds(
      'a folder in the place of a file harms nobody',
      300,
      () => world.status('web')?.status.phase === 'Running',
    );
  }));

test('[S139] [S140] verbs beside each other and beside the controller are serialised, and no wish is lost', () =>
  withWorld(async (world) => {
    await startTeam(world);
    const first = world.status('web')?.metadata.uid;
    const verbs = [
      ['suspend', 'project', 'web'],
      ['restart', 'project', 'web'],
      ['reset', 'project', 'web'],
      ['label', 'project', 'web', 'a=b'],
      ['suspend', 'project', 'web', '--keep-session'],
      ['restart', 'project', 'web', '-a', 'dev'],
    ];
    const done = await Promise.all(verbs.map((words) => world.muxlet(...words)));
    expect(done.map(({ code, stderr }) => [code, stderr])).toEqual(done.map(() => [0, '']));
    await until('it was reset', () => world.status('web')?.metadata.uid !== first);
    // The last word stands, whatever was asked before.
    await world.muxlet('reset', 'project', 'web');
    await world.muxlet('suspend', 'project', 'web');
    await until('it is suspended in the end', () => world.status('web')?.status.phase === 'Suspended');
    await until('nothing runs', () => agentProcesses(world).length === 0);
    await world.muxlet('resume', 'project', 'web');
    const object = await world.ready('web');
    expect(object.metadata.labels).toEqual({ a: 'b' });
    expect(agentProcesses(world)).toHaveLength(3);
  }));

test(
  '[S139] a lock that cannot be had in 30 s is a clear error, and nothing was changed',
  () =>
    withWorld(async (world) => {
      world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
      const lock = join(world.state, 'locks', 'overlays.lock');
      mkdirSync(join(world.state, 'locks'), { recursive: true });
      writeFileSync(lock, '');
      const { spawn } = await import('node:child_process');
      const holder = spawn('flock', [lock, 'sleep', '45'], { env: world.env, stdio: 'ignore' });
      try {
        const startedAt = Date.now();
        const { code, stderr } = await world.muxlet('suspend', 'project', 'web');
        expect(code).toBe(1);
        expect(stderr).toContain('has held');
        expect(stderr).toContain(lock);
        expect(Date.now() - startedAt).toBeGreaterThan(29_000);
      } finally {
        holder.kill('SIGKILL');
      }
    }),
  60_000,
);
