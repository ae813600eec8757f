import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { teamOf } from '../support/team.ts';
import { holds, projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';

async function sessionsOf(world: World): Promise<string[]> {
  const names = await world.tmux('list-sessions', '-F', '#{session_name}');
  return names
    .split('\n')
    .filter((name) => name !== '_muxlet')
    .sort();
}

/** Starts a controller and an object that is no part of the test, so that the tmux server is up. */
async function startServer(world: World): Promise<void> {
  await world.start();
  world.spec('boot.yaml', projectYaml('boot', { dev: SLEEP }));
  await world.ready('boot');
}

function condition(world: World, project: string, type: string) {
  return world.status(project)?.status.conditions.find((one) => one.type === type);
}

test('[S27] a session of the same name that is not ours is never killed, typed into or taken over; the conflict is said, and ends with it', () =>
  withWorld(async (world) => {
    await startServer(world);
    await world.tmux('new-session', '-d', '-s', 'web', '-n', 'dev', 'sleep', '7777');
    const facts = '#{session_id} #{window_id} #{window_name} #{pane_id} #{pane_pid} #{session_name}';
    const theirs = await world.tmux('list-panes', '-s', '-t', '=web:', '-F', facts);
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
    await until('the conflict is said', () => condition(world, 'web', 'Stalled')?.reason === 'NameConflict');
    expect(condition(world, 'web', 'Ready')).toMatchObject({ status: 'False', reason: 'NameConflict' });
    expect(condition(world, 'web', 'SessionUp')?.message).toContain('web');
    expect(world.status('boot')?.status.phase).toBe('Running');
    expect(await world.tmux('list-panes', '-s', '-t', '=web:', '-F', facts)).toBe(theirs);
    expect(await world.tmux('capture-pane', '-p', '-t', '=web:dev')).toBe('');

    await world.tmux('rename-session', '-t', '=web', 'theirs');
    await world.ready('web');
    expect(await world.tmux('list-panes', '-s', '-t', '=theirs:', '-F', facts)).toBe(theirs.replace(/web$/, 'theirs'));
  }));

test('[S27] the conflict survives the end of the project that could not start: the session is not ours to end', () =>
  withWorld(async (world) => {
    await startServer(world);
    await world.tmux('new-session', '-d', '-s', 'web', '-n', 'dev', 'sleep', '7777');
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
    await until('the conflict is said', () => condition(world, 'web', 'Stalled')?.reason === 'NameConflict');
    rmSync(join(world.specs, 'web.yaml'));
    await until('the project is gone', () => world.status('web') === undefined);
    expect(await world.tmux('list-panes', '-s', '-t', '=web:', '-F', '#{pane_start_command}')).toBe('sleep 7777');
  }));

test('[S31] [S34] a session whose name begins like a project is not taken for it: neither found, nor adopted, nor ended', () =>
  withWorld(async (world) => {
    await startServer(world);
    for (const name of ['web-app-impl-abc', 'web-app2', 'web']) {
      await world.tmux('new-session', '-d', '-s', name, '-n', 'dev', 'sleep', '7777');
    }
    world.spec('web-app.yaml', projectYaml('web-app', { dev: SLEEP }));
    await world.ready('web-app');
    expect(await sessionsOf(world)).toEqual(['boot', 'web', 'web-app', 'web-app-impl-abc', 'web-app2']);
    const before = world.agent('web-app', 'dev');
    await world.tmux('kill-session', '-t', '=web-app');
    await until(
      'it is made again',
      () => world.agent('web-app', 'dev')?.restarts === 1 && world.agent('web-app', 'dev')?.ready,
    );
    expect(world.agent('web-app', 'dev')?.pid).not.toBe(before?.pid);
    const removed = await world.muxlet('delete', 'project', 'web-app');
    expect(removed.code).toBe(0);
    await until('it is gone', async () => !(await sessionsOf(world)).includes('web-app'));
    await until('nothing of it is on record', () => world.status('web-app') === undefined);
    expect(await sessionsOf(world)).toEqual(['boot', 'web', 'web-app-impl-abc', 'web-app2']);
    // The name now stands for nothing, though tmux itself would take web-app-impl-abc for it.
    expect((await world.muxlet('get', 'project', 'web-app')).code).toBe(1);
    expect((await world.muxlet('attach', 'web-app')).code).not.toBe(0);
  }));

test('[S31] [S33] projects with names like each other live and end apart, also with agents of the same names', () =>
  withWorld(async (world) => {
    await world.start();
    for (const name of ['web', 'web-app', 'web-app-impl-abc']) {
      world.spec(`${name}/spec.yaml`, projectYaml(name, { dev: SLEEP, test: SLEEP }));
    }
    for (const name of ['web', 'web-app', 'web-app-impl-abc']) await world.ready(name);
    const long = teamOf(world, 'web-app-impl-abc');
    const short = teamOf(world, 'web');
    rmSync(join(world.specs, 'web-app'), { recursive: true });
    await until('web-app is gone', () => world.status('web-app') === undefined);
    expect(await sessionsOf(world)).toEqual(['web', 'web-app-impl-abc']);
    expect(teamOf(world, 'web-app-impl-abc')).toEqual(long);
    expect(teamOf(world, 'web')).toEqual(short);
  }));

test("[S34] a look-alike, with our names and even a copy of another session's marks, is not adopted", () =>
  withWorld(async (world) => {
    await startServer(world);
    const uid = world.status('boot')?.metadata.uid ?? '';
    const session = await world.tmux('display-message', '-p', '-t', '=boot:', '#{@muxlet-session}');
    const pane = await world.tmux('display-message', '-p', '-t', '=boot:', '#{@muxlet-pane}');
    await world.tmux('new-session', '-d', '-s', 'boot-2', '-n', 'dev', 'sleep', '7777');
    const copies = [
      ['-t', '=boot-2:', '@muxlet-uid', uid],
      ['-t', '=boot-2:', '@muxlet-project', 'boot'],
      ['-t', '=boot-2:', '@muxlet-session', session],
      ['-p', '-t', '=boot-2:', '@muxlet-pane', pane],
    ];
    for (const words of copies) await world.tmux('set-option', ...words);
    await world.tmux('kill-session', '-t', '=boot');
    await until(
      'boot runs again',
      () => world.agent('boot', 'dev')?.restarts === 1 && world.agent('boot', 'dev')?.ready,
    );
    await holds(
      'the look-alike is left alone',
      500,
      async () =>
        (await world.tmux('list-panes', '-s', '-t', '=boot-2:', '-F', '#{pane_start_command} #{window_name}')) ===
        'sleep 7777 dev',
    );
    rmSync(join(world.specs, 'boot.yaml'));
    await until('boot is gone', () => world.status('boot') === undefined);
    expect(await sessionsOf(world)).toEqual(['boot-2']);
  }));

test('[S43] sessions that no spec speaks of never become rows, not even one that bears marks of a project nobody knows', () =>
  withWorld(async (world) => {
    const first = await world.start();
    world.spec('boot.yaml', projectYaml('boot', { dev: SLEEP }));
    world.spec('old.yaml', projectYaml('old', { dev: SLEEP }));
    await world.ready('boot');
    await world.ready('old');
    await world.tmux('new-session', '-d', '-s', 'theirs', 'sleep', '7777');
    const old = world.agent('old', 'dev');
    await first.end('SIGKILL');
    rmSync(world.state, { recursive: true });
    rmSync(join(world.specs, 'old.yaml'));
    await world.start('--resync', '1s');
    await world.ready('boot');
    await holds('no phantom appears, and nothing is ended', 3000, () => {
      return world.status('old') === undefined && world.status('theirs') === undefined;
    });
    expect((await world.muxlet('get', 'projects', '-o', 'name')).stdout.trim()).toBe('project/boot');
    expect(await sessionsOf(world)).toEqual(['boot', 'old', 'theirs']);
    expect(await world.tmux('list-panes', '-s', '-t', '=old:', '-F', '#{pane_pid}')).toBe(`${old?.pid}`);
  }));
