import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agentProcesses } from '../support/agents.ts';
import { holds, projectYaml, SLEEP, until, withWorld } from '../support/world.ts';
import { admissions, admitted, logging, queueStatus, queueYaml, running, runsOf, taskYaml } from './support.ts';

test('[S20] of 25 queued projects exactly as many run as may, and each gets its turn, in the order of the file', () =>
  withWorld(async (world) => {
    await world.start();
    const names = Array.from({ length: 25 }, (_, index) => `p${String(index).padStart(2, '0')}`).reverse();
    const tasks = names.map((name) => taskYaml(name, logging(world, name, 'sleep 0.5')));
    // A project of no queue takes no slot.
    world.spec('other.yaml', projectYaml('other', { dev: SLEEP }));
    world.spec('all.yaml', [queueYaml('night', { maxRunning: 4 }), ...tasks].join('\n---\n'));
    await until('all have run', () => runsOf(world).ended.length === 25, 40_000);
    const { most, begun } = runsOf(world);
    expect(most).toBe(4);
    expect(new Set(begun).size).toBe(25);
    expect(begun).toHaveLength(25);
    expect(admissions(world)).toEqual(names);
    await until('all slots are free', () => queueStatus(world)?.running === 0);
    expect(queueStatus(world)).toMatchObject({ waiting: 0, admitted: [] });
    await until('they say so', () => names.every((name) => world.status(name)?.status.phase === 'Completed'));
    expect(world.status('other')?.status.phase).toBe('Running');
  }));

test('[S19] higher priority goes first, and of equals the older one', () =>
  withWorld(async (world) => {
    const go = join(world.root, 'go');
    world.spec('queue.yaml', queueYaml('night', { maxRunning: 1 }));
    world.spec('first.yaml', taskYaml('first', logging(world, 'first', `while ! test -e ${go}; do sleep 0.05; done`)));
    await world.start();
    await until('the first runs', () => runsOf(world).begun.length === 1);
    for (const [name, priority] of [
      ['older', 5],
      ['low', 1],
      ['younger', 5],
    ] as const) {
      world.spec(`${name}.yaml`, taskYaml(name, logging(world, name, 'true'), { priority }));
      await until(`${name} waits`, () => admitted(world, name)?.status === 'False');
    }
    await until('the places are told', () => admitted(world, 'low')?.message?.includes('place 3 of 3 in queue night'));
    const first = 'place 1 of 3 in queue night: all 1 slots are taken';
    await until('and those before it', () => admitted(world, 'older')?.message === first);
    expect(world.status('low')?.status.phase).toBe('Queued');
    const { stdout } = await world.muxlet('describe', 'queue', 'night');
    expect(stdout).toMatch(/Slots:\n.*\n +first +\d/);
    expect(stdout).toMatch(/Line:\n.*\n +older +SlotsTaken +place 1 of 3 .*\n +younger .*\n +low /);
    const wide = await world.muxlet('get', 'projects', 'low', '-o', 'wide');
    expect(wide.stdout).toMatch(/low .* Queued .* night .* SlotsTaken /);
    writeFileSync(go, '');
    await until('all have run', () => runsOf(world).ended.length === 4);
    expect(runsOf(world).begun).toEqual(['first', 'older', 'younger', 'low']);
  }));

test('[S6] [S20] the state deleted while some run and others wait, exactly as many run as may', () =>
  withWorld(async (world) => {
    const names = Array.from({ length: 25 }, (_, index) => `p${index}`);
    const text = [
      queueYaml('night', { maxRunning: 20 }),
      ...names.map((name) => projectYaml(name, { main: SLEEP }, { queue: 'night' })),
    ].join('\n---\n');
    world.spec('all.yaml', text);
    const first = await world.start();
    await until('20 run', () => running(world) === 20, 30_000);
    const pids = agentProcesses(world).map(({ pid }) => pid);
    await first.end('SIGKILL');
    rmSync(world.state, { recursive: true });
    await world.start();
    await until('they were taken in', () => queueStatus(world)?.running === 20, 30_000);
    await holds('no further one runs', 2000, () => running(world) === 20);
    expect(agentProcesses(world).map(({ pid }) => pid)).toEqual(pids);
    expect(queueStatus(world)?.waiting).toBe(5);
  }));
