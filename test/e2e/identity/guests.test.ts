import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signalProcess } from '../../support/signal-process.ts';
import { isAlive, startTeam, teamOf } from '../support/team.ts';
import { holds, projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';

const FACTS = '#{session_name} #{window_name} #{pane_id} #{pane_pid} #{pane_start_command}';

/** What a person has in tmux: all panes with this command, by where they stand. */
async function personsPanes(world: World): Promise<string[]> {
  const lines = (await world.tmux('list-panes', '-a', '-F', FACTS)).split('\n');
  return lines.filter((line) => line.includes('sleep 7777')).sort();
}

/** A session that is released gives its name back. */
function withFormerName(line: string): string {
  return line.replace(/^web~[0-9]+ /, 'web ');
}

/** The session in which a window of this name is. */
async function sessionWith(world: World, window: string): Promise<string> {
  return world.tmux('list-windows', '-a', '-f', `#{==:#{window_name},${window}}`, '-F', '#{session_name}');
}

async function optionsOf(world: World, level: string, target: string): Promise<string> {
  return world.tmux('show-options', level, '-t', target);
}

test("[S35] a person's windows and split panes in our session are left alone, whatever happens to ours", () =>
  withWorld(async (world) => {
    await startTeam(world);
    await world.tmux('new-window', '-d', '-t', '=web:9', '-n', 'mine', 'sleep', '7777');
    await world.tmux('split-window', '-d', '-t', '=web:ops', 'sleep', '7777');
    const persons = await personsPanes(world);
    expect(persons).toHaveLength(2);
    const before = teamOf(world);

    await world.tmux('kill-pane', '-t', before['ops']?.pane ?? '');
    await until('ops runs again', () => teamOf(world)['ops']?.restarts === 1 && teamOf(world)['ops']?.ready);
    const window = await world.tmux('list-panes', '-t', '=web:ops', '-F', '#{pane_start_command} #{pane_id}');
    expect(window).toContain('sleep 7777');
    expect(window).toContain(teamOf(world)['ops']?.pane);

    await world.tmux('kill-window', '-t', '=web:dev');
    signalProcess(teamOf(world)['ops']?.pid, 'SIGKILL');
    await until('all run', () => {
      const { dev, ops } = teamOf(world);
      return dev?.ready && dev.restarts === 1 && ops?.ready && ops.restarts === 2;
    });
    expect(teamOf(world)['test']).toEqual(before['test']);
    expect(await personsPanes(world)).toEqual(persons);
    for (const line of persons) expect(isAlive(Number(line.split(' ')[3]))).toBe(true);
  }));

test("[S35] at the project's end a person's windows and panes stay where they are, and nothing says that they are ours", () =>
  withWorld(async (world) => {
    await startTeam(world);
    await world.tmux('new-window', '-d', '-t', '=web:9', '-n', 'mine', 'sleep', '7777');
    await world.tmux('split-window', '-d', '-t', '=web:ops', 'sleep', '7777');
    const persons = await personsPanes(world);
    const before = teamOf(world);
    rmSync(join(world.specs, 'web.yaml'));
    await until('the project is gone', () => world.status('web') === undefined);
    expect((await personsPanes(world)).map(withFormerName)).toEqual(persons);
    const session = await sessionWith(world, 'mine');
    // Its name is free for the next project of that name.
    expect(session).toMatch(/^web~[0-9]+$/);
    expect((await world.tmux('list-panes', '-s', '-t', `=${session}:`)).split('\n')).toHaveLength(2);
    for (const { pid } of Object.values(before)) expect(isAlive(pid)).toBe(false);
    for (const [level, target] of [
      ['', `=${session}`],
      ['-w', `=${session}:ops`],
      ['-w', `=${session}:mine`],
      ['-p', `=${session}:ops.0`],
    ] as const) {
      const options = await optionsOf(world, ...([level === '' ? '-q' : level, target] as const));
      expect(options, `${level} ${target}`).not.toContain('@muxlet');
    }
  }));

test("a person's window in a session that is suspended or reset keeps the project from nothing, and stays", () =>
  withWorld(async (world) => {
    await startTeam(world);
    const open = (name: string): Promise<string> =>
      world.tmux('new-window', '-d', '-t', '=web:9', '-n', name, '-P', '-F', '#{pane_pid}', 'sleep', '7777');
    const first = Number(await open('first'));
    await world.muxlet('suspend', 'project', 'web');
    await until('it is suspended', () => world.status('web')?.status.session === undefined);
    await world.muxlet('resume', 'project', 'web');
    await world.ready('web');
    const second = Number(await open('second'));
    expect((await world.muxlet('reset', 'project', 'web', '-y', '--wait', '--timeout', '10s')).code).toBe(0);
    expect([first, second].map(isAlive)).toEqual([true, true]);
    for (const name of ['first', 'second']) expect(await sessionWith(world, name)).toMatch(/^web~[0-9]+$/);
    expect((await world.muxlet('events', '--types', 'Warning')).stdout).not.toContain('NameConflict');
  }));

test("[S35] an agent that leaves the team leaves a person's pane in its window behind, unmarked", () =>
  withWorld(async (world) => {
    await startTeam(world);
    await world.tmux('split-window', '-d', '-t', '=web:ops', 'sleep', '7777');
    const persons = await personsPanes(world);
    const before = teamOf(world);
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP, test: SLEEP }));
    await until('ops is gone', () => teamOf(world)['ops'] === undefined && !isAlive(before['ops']?.pid));
    expect(await personsPanes(world)).toEqual(persons);
    expect(await optionsOf(world, '-w', '=web:ops')).not.toContain('@muxlet');
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP, ops: SLEEP, test: SLEEP }));
    await until('ops is back', () => teamOf(world)['ops']?.ready);
    expect(await personsPanes(world)).toEqual(persons);
    const own = await world.tmux('display-message', '-p', '-t', teamOf(world)['ops']?.pane ?? '', '#{window_panes}');
    expect(own).toBe('1');
  }));

test('[S35] sessions of a person are never touched or listed, whatever their names', () =>
  withWorld(async (world) => {
    const names = ['0', 'work', 'web-app', 'webapp', 'we', 'WEB', 'client-integration-deployment-2024', 'web_', '_web'];
    await world.start();
    world.spec('boot.yaml', projectYaml('boot', { dev: SLEEP }));
    await world.ready('boot');
    for (const name of names) await world.tmux('new-session', '-d', '-s', name, '-n', 'dev', 'sleep', '7777');
    const persons = await personsPanes(world);
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP, test: SLEEP }));
    await world.ready('web');
    await world.tmux('kill-session', '-t', '=web');
    await until('it is back', () => world.agent('web', 'test')?.restarts === 1 && world.agent('web', 'test')?.ready);
    rmSync(join(world.specs, 'web.yaml'));
    await until('it is gone', () => world.status('web') === undefined);
    expect(await personsPanes(world)).toEqual(persons);
    const listed = await world.muxlet('get', 'projects', '-o', 'name');
    expect(listed.stdout.trim()).toBe('project/boot');
    for (const name of names) expect(await optionsOf(world, '-w', `=${name}:`)).not.toContain('@muxlet');
  }));

test('[S46] a person who looks about in copy mode keeps the place while other agents come and go, and the agent there is replaced as well', () =>
  withWorld(async (world) => {
    await startTeam(world);
    const before = teamOf(world);
    const client = await attachPerson(world);
    await world.tmux('copy-mode', '-t', before['dev']?.pane ?? '');
    signalProcess(before['ops']?.pid, 'SIGKILL');
    await world.tmux('kill-window', '-t', '=web:test');
    await until('both run again', () => {
      const { ops, test } = teamOf(world);
      return ops?.ready && ops.restarts === 1 && test?.ready && test.restarts === 1;
    });
    const where = '#{session_name} #{window_name} #{pane_id} #{pane_in_mode}';
    expect(await world.tmux('display-message', '-p', '-c', client, where)).toBe(`web dev ${before['dev']?.pane} 1`);
    signalProcess(before['dev']?.pid, 'SIGKILL');
    await until('dev runs again', () => teamOf(world)['dev']?.ready && teamOf(world)['dev']?.restarts === 1);
    await holds('the person stays attached', 300, async () =>
      (await world.tmux('list-clients', '-F', '#{client_name}')).split('\n').includes(client),
    );
  }));

test('[S46] a person who is attached is not thrown out where only a part of the session is lost', () =>
  withWorld(async (world) => {
    await startTeam(world);
    const before = teamOf(world);
    const client = await attachPerson(world);
    await world.tmux('kill-window', '-a', '-t', '=web:test');
    signalProcess(before['test']?.pid, 'SIGKILL');
    await until('all run again', () =>
      Object.values(teamOf(world)).every(({ ready, restarts }) => ready && restarts === 1),
    );
    expect((await world.tmux('list-clients', '-F', '#{client_name}')).split('\n')).toContain(client);
  }));

/** Attaches a person to the session, from a terminal that another tmux server provides; gives the client's name. */
async function attachPerson(world: World): Promise<string> {
  const inside = ['env', '-u', 'TMUX', 'tmux', '-L', world.socket, 'attach-session', '-t', '=web:dev'];
  await world.tmux('-L', `${world.socket}-person`, '-f', '/dev/null', 'new-session', '-d', '-s', 'p', ...inside);
  return until('the person is attached', async () => {
    const lines = await world.tmux('list-clients', '-F', '#{client_control_mode} #{client_name}');
    return lines
      .split('\n')
      .find((line) => line.startsWith('0 '))
      ?.slice(2);
  });
}

test("[S35] our own removal of a session does not take a person's window that was opened during it", () =>
  withWorld(async (world) => {
    await startTeam(world);
    rmSync(join(world.specs, 'web.yaml'));
    await until('removal has begun', () => world.status('web')?.metadata.deletionTimestamp !== undefined);
    await world.tmux('new-window', '-d', '-t', '=web:9', '-n', 'mine', 'sleep', '7777').catch(() => undefined);
    const persons = await personsPanes(world);
    await until('the project is gone', () => world.status('web') === undefined);
    expect((await personsPanes(world)).map(withFormerName)).toEqual(persons);
  }));
