import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agentProcesses } from '../support/agents.ts';
import { isAlive, startTeam, teamOf } from '../support/team.ts';
import { holds, projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';

const STUBBORN = ['sh', '-c', 'trap "" HUP; while :; do sleep 0.2; done'];

/** What of the state directory still speaks of a uid, by file name or content; events and the journal are history. */
async function traces(world: World, uid: string): Promise<string[]> {
  const { readFile } = await import('node:fs/promises');
  const found: string[] = [];
  for (const entry of readdirSync(world.state, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (/events|journal|overlays/.test(path) || !entry.isFile()) continue;
    if (path.includes(uid) || (await readFile(path, 'utf8')).includes(uid)) found.push(path);
  }
  return found;
}

test('[S30] a project that was reset really begins anew: nothing of the old run is left but history', () =>
  withWorld(async (world) => {
    await world.start();
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP, ops: ['sh', '-c', 'sleep 0.3; exit 3'] }));
    const before = await until('it has run, and failed', () => {
      const ops = world.agent('web', 'ops');
      return (ops?.failures ?? 0) > 1 && world.agent('web', 'dev')?.pid !== undefined && world.status('web');
    });
    const { uid, creationTimestamp } = before.metadata;
    const dev = world.agent('web', 'dev');
    const { code, stdout } = await world.muxlet('reset', 'project', 'web');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'project/web reset\n' });
    const after = await until('another object is there, and runs', () => {
      const object = world.status('web');
      return object?.metadata.uid !== uid && world.agent('web', 'dev')?.ready === true && object;
    });
    expect(after.metadata.generation).toBe(1);
    expect(after.metadata.creationTimestamp).not.toBe(creationTimestamp);
    expect(after.metadata.deletionTimestamp).toBeUndefined();
    const now = world.agent('web', 'dev');
    expect(now).toMatchObject({ restarts: 0, failures: 0 });
    expect(now?.lastExit).toBeUndefined();
    expect(now?.uid).not.toBe(dev?.uid);
    expect(now?.run).not.toBe(dev?.run);
    expect(isAlive(dev?.pid)).toBe(false);
    expect(new Set(agentProcesses(world).map((one) => one.uid))).toEqual(new Set([after.metadata.uid]));
    await until('nothing speaks of the old one', async () => (await traces(world, uid)).length === 0);
    expect((await world.muxlet('events', '--for', 'project/web', '-o', 'json')).stdout).toContain(uid);
    await holds('it is reset once', 700, () => world.status('web')?.metadata.uid === after.metadata.uid);
  }));

test('[S30] [S13] reset --wait comes back when the new beginning runs, and asks nobody without a terminal', () =>
  withWorld(async (world) => {
    await startTeam(world);
    const before = world.status('web')?.metadata.uid;
    const { code, stderr } = await world.muxlet('reset', 'project/web', '--wait');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(world.status('web')?.metadata.uid).not.toBe(before);
    expect(Object.values(teamOf(world)).every(({ ready }) => ready)).toBe(true);
  }));

test('[S138] reset of one project leaves another of a similar name in the same repository alone', () =>
  withWorld(async (world) => {
    await world.start();
    for (const name of ['web-app', 'web-app-impl', 'web']) {
      world.spec(`${name}.yaml`, projectYaml(name, { dev: { command: SLEEP, workingDir: world.work } }));
    }
    for (const name of ['web-app', 'web-app-impl', 'web']) await world.ready(name);
    const others = ['web-app-impl', 'web'];
    const before = others.map((name) => [world.status(name)?.metadata.uid, teamOf(world, name)]);
    const { code } = await world.muxlet('reset', 'project', 'web-app', '--wait');
    expect(code).toBe(0);
    await holds('the others are as they were', 500, () => {
      const now = others.map((name) => [world.status(name)?.metadata.uid, teamOf(world, name)]);
      return JSON.stringify(now) === JSON.stringify(before);
    });
  }));

test('[S30] without a controller the wish stays on disk, is said to, and is done by the next one', () =>
  withWorld(async (world) => {
    const controller = await startTeam(world);
    const before = world.status('web')?.metadata.uid;
    const old = teamOf(world);
    await controller.end();
    const { code, stdout, stderr } = await world.muxlet('reset', 'project', 'web');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'project/web reset\n' });
    expect(stderr).toContain('no controller runs');
    expect(Object.values(old).every(({ pid }) => isAlive(pid))).toBe(true);
    await world.start();
    await until('it begins anew', () => world.status('web')?.metadata.uid !== before);
    await world.ready('web');
    expect(Object.values(old).some(({ pid }) => isAlive(pid))).toBe(false);
  }));

test('[S145] a controller that is killed again and again in the middle of a reset brings it to its end, once', () =>
  withWorld(async (world) => {
    let controller = await world.start();
    world.spec('web.yaml', projectYaml('web', { dev: { command: STUBBORN }, ops: SLEEP }));
    const before = (await world.ready('web')).metadata.uid;
    await world.muxlet('reset', 'project', 'web');
    for (let round = 0; round < 3; round += 1) {
      await controller.end('SIGKILL');
      controller = await world.start();
    }
    const after = await until('it began anew', () => {
      const object = world.status('web');
      return object !== undefined && object.metadata.uid !== before && object;
    });
    await world.ready('web');
    await holds('once', 500, () => world.status('web')?.metadata.uid === after.metadata.uid);
    await until('the old processes are gone', () => agentProcesses(world).every(({ uid }) => uid !== before));
  }));

test('[S69] what is finished is moved by a reset, and by no restart', () =>
  withWorld(async (world) => {
    await world.start();
    world.spec('web.yaml', projectYaml('web', { dev: { command: ['false'], restartPolicy: 'Never' } }));
    const before = await until('it has failed', () => {
      const object = world.status('web');
      return object?.status.phase === 'Failed' && object;
    });
    const run = world.agent('web', 'dev')?.run;
    const { code, stderr } = await world.muxlet('restart', 'project', 'web');
    expect(code).toBe(1);
    expect(stderr).toContain('muxlet reset project web');
    await holds('it stays failed', 500, () => world.agent('web', 'dev')?.run === run);
    expect((await world.muxlet('reset', 'project', 'web', '--wait')).code).toBe(0);
    expect(world.status('web')?.metadata.uid).not.toBe(before.metadata.uid);
    expect(world.agent('web', 'dev')?.run).not.toBe(run);
  }));
