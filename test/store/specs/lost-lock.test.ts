import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createWorld, project, start, type World } from './support.ts';

let world: World;
beforeEach(() => {
  world = createWorld();
});
afterEach(() => {
  world.remove();
});

it('nothing is told or kept of specs that are looked at after the lock was lost', async () => {
  let leads = true;
  const source = world.source({ mayAct: () => Promise.resolve(leads) });
  world.write('web.yaml', project('web', 'one'));
  const { told, stop } = await start(source);
  /** What two looks agree on is kept. */
  const lookTwice = async (): Promise<void> => {
    await source.reload();
    await world.clock.pass(1000);
    await source.reload();
  };
  try {
    const record = join(world.root, 'state/applied/project/web.json');
    const kept = readFileSync(record, 'utf8');
    told();
    leads = false;
    world.write('web.yaml', project('web', 'two'));
    world.write('other.yaml', project('other'));
    await lookTwice();
    expect(readFileSync(record, 'utf8')).toBe(kept);
    expect(existsSync(join(world.root, 'state/applied/project/other.json'))).toBe(false);
    expect(told()).toEqual([]);
    leads = true;
    await lookTwice();
    expect([...new Set(told())].sort()).toEqual(['project/other', 'project/web']);
    expect(readFileSync(record, 'utf8')).toContain('two');
    expect(existsSync(join(world.root, 'state/applied/project/other.json'))).toBe(true);
  } finally {
    stop();
  }
});
