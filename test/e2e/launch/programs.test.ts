import { chmodSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectYaml, until, type World, withWorld } from '../support/world.ts';

const START = '#{pane_start_command}';

/** A run or two may pass without its words: of a process that ends within milliseconds tmux 3.3a loses them now and then. */
async function saysWhy(world: World): Promise<void> {
  const lastExit = () => world.agent('web', 'dev')?.lastExit;
  await until('its end says why', () => lastExit()?.output?.join('\n').includes('not found') === true);
  expect(lastExit()?.exitCode).toBe(127);
}

test('a program that is there is executed by tmux itself; one that went says so by its end and its last lines', () =>
  withWorld(async (world) => {
    const program = join(world.work, 'own-sleep');
    copyFileSync('/bin/sleep', program);
    chmodSync(program, 0o755);
    world.spec('web.yaml', projectYaml('web', { dev: [program, '100000'] }));
    await world.start();
    await until('it runs', () => world.agent('web', 'dev')?.pid !== undefined);
    const shown = await world.tmux('list-panes', '-s', '-t', '=web', '-F', START);
    expect(shown).not.toContain('sh -c');
    expect(shown).toContain(program);
    rmSync(program);
    const { pid = 0 } = world.agent('web', 'dev') ?? {};
    process.kill(pid, 'SIGKILL');
    await saysWhy(world);
  }));

test('a script whose interpreter is missing says so', () =>
  withWorld(async (world) => {
    const script = join(world.work, 'script');
    writeFileSync(script, '#!/nowhere/python\n');
    chmodSync(script, 0o755);
    world.spec('web.yaml', projectYaml('web', { dev: [script, 'x'] }));
    await world.start();
    await saysWhy(world);
  }));

test('so does a program whose loader is missing, as one that was made for another C library', () =>
  withWorld(async (world) => {
    const program = join(world.work, 'foreign');
    const bytes = readFileSync('/bin/sleep');
    const at = /\/lib[\w./-]*ld-[\w.-]+/.exec(bytes.toString('latin1'))?.index ?? -1;
    expect(at).toBeGreaterThan(0);
    bytes.write('x', at + 1);
    writeFileSync(program, bytes);
    chmodSync(program, 0o755);
    world.spec('web.yaml', projectYaml('web', { dev: [program, '100000'] }));
    await world.start();
    await saysWhy(world);
  }));
