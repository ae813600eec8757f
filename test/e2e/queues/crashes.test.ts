import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { until, type World, withWorld } from '../support/world.ts';
import { logging, queueStatus, queueYaml, running, runsOf, taskYaml } from './support.ts';

const LIMIT = 3;
const NAMES = Array.from({ length: 18 }, (_, index) => `p${index}`);

function declare(world: World): void {
  const tasks = NAMES.map((name) => taskYaml(name, logging(world, name, 'sleep 0.5')));
  world.spec('all.yaml', [queueYaml('night', { maxRunning: LIMIT }), ...tasks].join('\n---\n'));
}

/** Runs a controller for a while and kills it, over and over, until all projects have run; sees how many run at once. */
async function killOverAndOver(world: World, between: (round: number) => void): Promise<number> {
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, running(world));
  }, 20);
  try {
    for (let round = 0; runsOf(world).ended.length < NAMES.length && round < 36; round += 1) {
      const controller = await world.start();
      await new Promise((resolve) => setTimeout(resolve, 30 + Math.random() * 700));
      await controller.end('SIGKILL');
      between(round);
    }
    await world.start();
    await until('all have run', () => runsOf(world).ended.length === NAMES.length, 40_000);
  } finally {
    clearInterval(watch);
  }
  return most;
}

test(
  '[S6] [S20] killed at random between deciding and starting, it never runs one more than may, nor one twice',
  {
    timeout: 180_000,
  },
  () =>
    withWorld(async (world) => {
      declare(world);
      const most = await killOverAndOver(world, () => undefined);
      expect(most).toBeLessThanOrEqual(LIMIT);
      expect(runsOf(world).most).toBe(LIMIT);
      expect([...runsOf(world).begun].sort()).toEqual([...NAMES].sort());
      await until('no slot is left over', () => queueStatus(world)?.running === 0);
    }),
);

test('[S20] [S141] the same where what is on record of the queue is lost each time', { timeout: 180_000 }, () =>
  withWorld(async (world) => {
    declare(world);
    const most = await killOverAndOver(world, () => {
      rmSync(join(world.state, 'status', 'queue'), { recursive: true, force: true });
    });
    expect(most).toBeLessThanOrEqual(LIMIT);
    expect([...runsOf(world).begun].sort()).toEqual([...NAMES].sort());
  }),
);
