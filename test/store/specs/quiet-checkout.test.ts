import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorld, project, type Started, start, type World, wanted } from './support.ts';

let world: World;
let running: Started | undefined;
beforeEach(() => {
  world = createWorld();
});
afterEach(() => {
  running?.stop();
  world.remove();
});

const lock = () => join(world.root, '.git', 'index.lock');

describe('specs that are a checkout', () => {
  beforeEach(() => {
    mkdirSync(join(world.root, '.git'));
    world.write('web.yaml', project('web', 'one'));
  });

  it('are not read while git is at work, so that a pull is one snapshot', async () => {
    const source = world.source();
    running = await start(source);
    writeFileSync(lock(), '');
    world.write('web.yaml', project('web', 'two'));
    const loaded = source.reload();
    await world.clock.pass(1000);
    expect(wanted(source, 'web')).toBe('Present one?');
    world.write('api.yaml', project('api'));
    rmSync(lock());
    writeFileSync(join(world.root, '.git', 'index'), 'new');
    await world.clock.pass(100);
    await loaded;
    expect([wanted(source, 'web'), wanted(source, 'api')]).toEqual(['Present two?', 'Present sleep infinity?']);
  });

  it('are read after ten seconds all the same, once for a lock that nobody takes away', async () => {
    writeFileSync(lock(), '');
    const source = world.source();
    const loaded = source.reload();
    await world.clock.pass(10_100);
    await loaded;
    expect(wanted(source, 'web')).toBe('Present one?');
    world.write('web.yaml', project('web', 'two'));
    await source.reload();
    expect(wanted(source, 'web')).toBe('Present two?');
  });

  it('are found in a work tree, whose lock is elsewhere', async () => {
    rmSync(join(world.root, '.git'), { recursive: true });
    mkdirSync(join(world.root, 'main'));
    writeFileSync(join(world.root, '.git'), 'gitdir: main\n');
    writeFileSync(join(world.root, 'main', 'index.lock'), '');
    const source = world.source();
    const loaded = source.reload();
    await world.clock.pass(500);
    expect(source.keys()).toEqual([]);
    rmSync(join(world.root, 'main', 'index.lock'));
    await world.clock.pass(100);
    await loaded;
    expect(wanted(source, 'web')).toBe('Present one?');
  });

  it('keep no verb waiting that only reads', async () => {
    writeFileSync(lock(), '');
    const source = world.source({ readOnly: true });
    await source.reload();
    expect(wanted(source, 'web')).toBe('Present one?');
  });
});
