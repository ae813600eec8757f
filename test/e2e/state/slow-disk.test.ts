import { execFileSync, spawnSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holds, projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';

/** Whoever writes this file waits until it goes on, as where a disk hangs. */
function hang(path: string): { goOn(): void } {
  execFileSync('mkfifo', [path]);
  return { goOn: () => void createReadStream(path).resume() };
}

function isLocked({ state }: World): boolean {
  return spawnSync('flock', ['--nonblock', join(state, 'lock'), 'true']).status === 1;
}

test('a controller that ends while its disk hangs holds its lock for as long as it may still write', () =>
  withWorld(async (world) => {
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
    const running = await world.start();
    const { status } = await world.ready('web');
    const [{ pid = 0 } = {}] = status.agents;
    const { goOn } = hang(join(world.state, 'status/project/.web.json.tmp'));
    process.kill(pid, 'SIGKILL');
    await until('it runs again', async () => (await world.tmux('list-panes', '-a', '-F', '#{pane_pid}')) !== `${pid}`);
    running.process.kill('SIGTERM');
    await holds('it is locked', 6000, () => isLocked(world));
    expect(running.process.exitCode).toBeNull();
    goOn();
    expect(await running.end()).toBe(0);
    expect(isLocked(world)).toBe(false);
  }));
