import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signalProcess } from '../../support/signal-process.ts';
import { holds, projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';
import { classYaml, script, snapshot } from './support.ts';

const pids = (world: World): Record<string, number | undefined> =>
  Object.fromEntries((world.status('web')?.status.agents ?? []).map(({ name, pid }) => [name, pid]));

/** Waits until the controller has taken the spec of this generation and all is well. */
const taken = (world: World, generation: number) =>
  until(`generation ${generation} is in force`, () => {
    const object = world.status('web');
    const ready = object?.status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
    return ready === true && object?.status.observedGeneration === generation ? object : undefined;
  });

test('labels, restart policy, backoff and order are applied live; diff and plan say so beforehand', () =>
  withWorld(async (world) => {
    const first = await world.start();
    const yaml = (agents: Parameters<typeof projectYaml>[1], labels: Record<string, string>): string =>
      projectYaml('web', agents).replace('"name": "web"', `"name": "web", "labels": ${JSON.stringify(labels)}`);
    world.spec('web.yaml', yaml({ a: SLEEP, b: SLEEP, c: SLEEP }, { team: 'x' }));
    await world.ready('web');
    const before = pids(world);
    // Nobody takes the change up until it was asked about.
    await first.end();
    const changed = { command: SLEEP, restartPolicy: 'Never', backoff: { initialSeconds: 0.05 } };
    world.spec('web.yaml', yaml({ c: SLEEP, b: changed, a: SLEEP }, { team: 'y' }));
    const diff = await world.muxlet('diff');
    expect(diff.code).toBe(1);
    expect(diff.stdout).toMatch(/^-.*team: x$/m);
    expect(diff.stdout).toMatch(/^\+.*team: y$/m);
    expect(diff.stdout).toMatch(/agent web\.b .*(live|without)/);
    expect(diff.stdout).not.toMatch(/restarts|is restarted|starts again/);
    const plan = await world.muxlet('plan');
    expect(plan.code).toBe(0);
    expect(plan.stdout).toContain('swap the windows');
    expect(plan.stdout).not.toMatch(/start|TERM|finish/);

    await world.start();
    await taken(world, 2);
    await until(
      'the windows stand in the new order',
      async () => (await world.tmux('list-windows', '-t', '=web:', '-F', '#{window_name}')) === 'c\nb\na',
    );
    expect(pids(world)).toEqual(before);
    expect(world.status('web')?.status.agents.map(({ name, restarts }) => [name, restarts])).toEqual([
      ['c', 0],
      ['b', 0],
      ['a', 0],
    ]);
    expect((await world.muxlet('get', 'projects', '-l', 'team=y', '-o', 'name')).stdout).toContain('web');
    expect((await world.muxlet('diff')).code).toBe(0);
    signalProcess(before['b'], 'SIGKILL');
    await until('the new policy holds', () => world.agent('web', 'b')?.state === 'Exited');
    expect(world.agent('web', 'b')).toMatchObject({ restarts: 0, lastExit: { signal: 9 } });
  }));

test('a changed command, environment or directory restarts that agent and no other, in its own window', () =>
  withWorld(async (world) => {
    await world.start();
    world.spec('quick.yaml', classYaml('quick'));
    const agent = (more: Record<string, unknown> = {}) => ({ class: 'quick', command: SLEEP, ...more });
    const agents: Record<string, Record<string, unknown>> = { a: agent(), b: agent(), c: agent(), d: agent() };
    world.spec('web.yaml', projectYaml('web', agents));
    await world.ready('web');
    const changes: [string, Record<string, unknown>][] = [
      ['a', agent({ command: ['sleep', '200000'] })],
      ['b', agent({ env: [{ name: 'MODE', value: 'fast' }] })],
      ['c', agent({ workingDir: world.work })],
    ];
    for (const [index, [name, change]] of changes.entries()) {
      const before = pids(world);
      const window = world.agent('web', name)?.pane?.window;
      agents[name] = change;
      world.spec('web.yaml', projectYaml('web', agents));
      await taken(world, index + 2);
      await until(`${name} is restarted`, () => world.agent('web', name)?.restarts === 1);
      const after = pids(world);
      expect(after[name]).not.toBe(before[name]);
      expect({ ...after, [name]: 0 }).toEqual({ ...before, [name]: 0 });
      expect(world.agent('web', name)?.pane?.window).toBe(window);
      expect(world.agent('web', name)).toMatchObject({ failures: 0 });
    }
    const environ = readFileSync(`/proc/${world.agent('web', 'b')?.pid}/environ`, 'utf8');
    expect(environ.split('\0')).toContain('MODE=fast');
    expect(world.agent('web', 'd')?.restarts).toBe(0);
  }));

test('diff and plan tell which agents a change restarts, starts and ends, and change nothing themselves', () =>
  withWorld(async (world) => {
    const first = await world.start();
    world.spec('web.yaml', projectYaml('web', { same: SLEEP, other: SLEEP, going: SLEEP }));
    await world.ready('web');
    await first.end();
    world.spec('web.yaml', projectYaml('web', { same: SLEEP, other: ['sleep', '200000'], coming: SLEEP }));
    const before = snapshot(world.root);
    const panes = await world.tmux('list-panes', '-a', '-F', '#{pane_id} #{pane_pid} #{window_name}');
    const diff = await world.muxlet('diff', 'web');
    expect(diff.code).toBe(1);
    expect(diff.stdout).toMatch(/agent web\.other .*restart/);
    expect(diff.stdout).toMatch(/agent web\.coming .*start/);
    expect(diff.stdout).toMatch(/agent web\.going .*(end|remov|stop)/);
    expect(diff.stdout).toMatch(/agent web\.same is not changed/);
    const plan = await world.muxlet('plan');
    expect(plan.code).toBe(0);
    expect(plan.stdout).toContain('create window coming');
    expect(await world.tmux('list-panes', '-a', '-F', '#{pane_id} #{pane_pid} #{window_name}')).toBe(panes);
    expect(snapshot(world.root)).toEqual(before);
    const { same } = pids(world);

    await world.start();
    await until(
      'it is so',
      () =>
        world
          .status('web')
          ?.status.agents.map(({ name }) => name)
          .join() === 'same,other,coming',
    );
    await world.ready('web');
    expect(pids(world)['same']).toBe(same);
    expect(world.agent('web', 'other')?.restarts).toBe(1);
    expect(await world.tmux('list-windows', '-t', '=web:', '-F', '#{window_name}')).toBe('same\nother\ncoming');
  }));

test('an agent that leaves the spec is ended with its tree; a person beside it and the others stay', () =>
  withWorld(async (world) => {
    await world.start();
    world.spec('quick.yaml', classYaml('quick'));
    const deaf = { class: 'quick', command: script(`trap '' TERM; while :; do sleep 1; done`) };
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP, deaf }));
    await world.ready('web');
    const { dev } = pids(world);
    await world.tmux('split-window', '-d', '-t', '=web:deaf', ...SLEEP);
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
    await until('deaf is gone', () => world.agent('web', 'deaf') === undefined);
    await holds('dev and the person stay', 600, async () => {
      const lines = (await world.tmux('list-panes', '-s', '-t', '=web', '-F', '#{pane_dead}')).split('\n');
      return world.agent('web', 'dev')?.pid === dev && lines.join() === '0,0';
    });
  }));

test('a changed class reaches the agents that use it, and no others', () =>
  withWorld(async (world) => {
    await world.start();
    world.spec('quick.yaml', classYaml('quick', { env: [{ name: 'SPEED', value: '1' }] }));
    world.spec('web.yaml', projectYaml('web', { fast: { class: 'quick', command: SLEEP }, plain: SLEEP }));
    await world.ready('web');
    const before = pids(world);
    world.spec('quick.yaml', classYaml('quick', { env: [{ name: 'SPEED', value: '2' }] }));
    await until(
      'fast is restarted',
      () => world.agent('web', 'fast')?.restarts === 1 && world.agent('web', 'fast')?.ready,
    );
    const environ = readFileSync(join('/proc', String(world.agent('web', 'fast')?.pid), 'environ'), 'utf8');
    expect(environ.split('\0')).toContain('SPEED=2');
    expect(pids(world)['plain']).toBe(before['plain']);
  }));
