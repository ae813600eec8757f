import { cpSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isAlive, startTeam, teamOf } from '../support/team.ts';
import { holds, projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';

/** Where a second controller of the same person is at home. */
function elsewhere(world: World): readonly string[] {
  const [specs, state] = [join(world.root, 'specs2'), join(world.root, 'state2')];
  mkdirSync(specs, { mode: 0o700 });
  return ['--specs', specs, '--state', state];
}

function isUntouched(before: ReturnType<typeof teamOf>): boolean {
  return Object.values(before).every(({ pid }) => isAlive(pid));
}

test("a project of the same name that another state directory's controller made is neither adopted nor ended", () =>
  withWorld(async (world) => {
    const first = await startTeam(world);
    const before = teamOf(world);
    await first.end();
    const flags = elsewhere(world);
    world.spec('../specs2/web.yaml', projectYaml('web', { other: SLEEP }));
    const second = await world.start(...flags);
    const found = await until('it is said', async () => {
      const { stdout } = await world.muxlet('get', 'projects', '-o', 'json', ...flags);
      return stdout.includes('NameConflict') && stdout;
    });
    expect(found).toContain('another controller');
    await holds('it is untouched', 2000, () => isUntouched(before));
    await second.end();
    await world.start();
    await world.ready('web');
    expect(teamOf(world)).toEqual(before);
  }));

test("down leaves what another state directory's controller made, and says so", () =>
  withWorld(async (world) => {
    const first = await startTeam(world);
    const before = teamOf(world);
    await first.end();
    const { stderr } = await world.muxlet('down', '--yes', ...elsewhere(world));
    expect(isUntouched(before)).toBe(true);
    expect(stderr).toContain('another controller');
    // What is on its record is ours, even if the directory has another name now.
    renameSync(world.state, join(world.root, 'moved'));
    expect((await world.muxlet('down', '--yes', '--state', join(world.root, 'moved'))).code).toBe(0);
    expect(Object.values(before).some(({ pid }) => isAlive(pid))).toBe(false);
  }));

test("a copy of the state directory on a tmux server of its own ends nothing of the original's", () =>
  withWorld(async (world) => {
    await startTeam(world);
    const before = teamOf(world);
    const [specs, state] = [join(world.root, 'specs2'), join(world.root, 'state2')];
    cpSync(world.specs, specs, { recursive: true });
    cpSync(world.state, state, { recursive: true, filter: (path) => !statSync(path).isFIFO() });
    const second = await world.start('--specs', specs, '--state', state, '--tmux-socket', `${world.socket}-copy`);
    const copy = () => JSON.parse(readFileSync(join(state, 'status', 'project', 'web.json'), 'utf8')).status;
    await until('the copy has agents of its own', () => {
      const { phase, session } = copy();
      return phase === 'Running' && session?.server === `${world.socket}-copy`;
    });
    await holds('it is untouched', 4000, () => isUntouched(before));
    await second.end();
    await world.muxlet('down', '--yes', '--specs', specs, '--state', state, '--tmux-socket', `${world.socket}-copy`);
    expect(isUntouched(before)).toBe(true);
  }));

test('recover kill-zombie ends nobody on a tmux server whose socket is out of sight', () =>
  withWorld(async (world) => {
    const controller = await startTeam(world);
    const before = teamOf(world);
    await controller.end();
    const { TMUX_TMPDIR = '' } = world.env;
    world.env['TMUX_TMPDIR'] = join(world.root, 'work');
    const elsewhere = await world.muxlet('recover', 'kill-zombie', '--all');
    world.env['TMUX_TMPDIR'] = TMUX_TMPDIR;
    expect(elsewhere.code).toBe(1);
    const folder = join(TMUX_TMPDIR, `tmux-${process.getuid?.()}`);
    renameSync(join(folder, world.socket), join(folder, 'hidden'));
    expect((await world.muxlet('recover', 'kill-zombie', '--all')).code).toBe(1);
    expect((await world.muxlet('audit')).stdout).not.toContain('Zombie');
    expect(isUntouched(before)).toBe(true);
    renameSync(join(folder, 'hidden'), join(folder, world.socket));
    expect((await world.muxlet('audit')).code).toBe(0);
  }));
