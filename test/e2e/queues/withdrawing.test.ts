import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signalProcess } from '../../support/signal-process.ts';
import { condition, events } from '../launch/support.ts';
import { holds, projectYaml, SLEEP, until, withWorld } from '../support/world.ts';
import { admitted, logging, queueStatus, queueYaml, running, runsOf, taskYaml } from './support.ts';

test('a queue that drains takes back its slots, and gives them in the old order once it drains no more', () =>
  withWorld(async (world) => {
    world.spec('queue.yaml', queueYaml('night', { maxRunning: 2 }));
    for (const name of ['a', 'b', 'c']) {
      world.spec(`${name}.yaml`, projectYaml(name, { main: SLEEP }, { queue: 'night' }));
    }
    await world.start();
    await until('two run', () => running(world) === 2 && queueStatus(world)?.waiting === 1);
    const before = queueStatus(world)?.admitted.map(({ project }) => project);
    world.spec('queue.yaml', queueYaml('night', { maxRunning: 2, drain: true }));
    await until('nothing runs', () => running(world) === 0 && queueStatus(world)?.running === 0);
    await until('they wait', () => queueStatus(world)?.waiting === 3 && admitted(world, 'a')?.reason === 'QueueDrains');
    expect(queueStatus(world)?.conditions[0]).toMatchObject({ type: 'Active', status: 'False', reason: 'QueueDrains' });
    await holds('nothing is started', 500, () => running(world) === 0);
    world.spec('queue.yaml', queueYaml('night', { maxRunning: 2 }));
    await until('two run again', () => running(world) === 2 && queueStatus(world)?.waiting === 1);
    expect(queueStatus(world)?.admitted.map(({ project }) => project)).toEqual(before);
  }));

test('paused, a queue admits nothing and ends nothing; a lowered limit ends nothing either', () =>
  withWorld(async (world) => {
    world.spec('queue.yaml', queueYaml('night', { maxRunning: 2 }));
    for (const name of ['a', 'b', 'c']) {
      world.spec(`${name}.yaml`, projectYaml(name, { main: SLEEP }, { queue: 'night' }));
    }
    await world.start();
    await until('two run', () => running(world) === 2);
    world.spec('queue.yaml', queueYaml('night', { maxRunning: 1 }));
    await until('the limit is taken up', () => queueStatus(world)?.observedGeneration === 2);
    world.spec('queue.yaml', queueYaml('night', { maxRunning: 3, paused: true }));
    await until('it is paused', () => queueStatus(world)?.conditions[0]?.reason === 'QueuePaused');
    await holds('as many run', 500, () => running(world) === 2);
    world.spec('queue.yaml', queueYaml('night', { maxRunning: 3 }));
    await until('all run', () => running(world) === 3);
  }));

test('[S10] a failed project whose session is still there has no slot: the next one goes on', () =>
  withWorld(async (world) => {
    world.spec('queue.yaml', queueYaml('night', { maxRunning: 1 }));
    world.spec('bad.yaml', taskYaml('bad', 'exit 3'));
    await world.start();
    await until('it failed', () => world.status('bad')?.status.phase === 'Failed');
    expect(await world.tmux('list-sessions', '-F', '#{session_name}')).toContain('bad');
    world.spec('good.yaml', taskYaml('good', 'exit 0'));
    await until('the next ran', () => world.status('good')?.status.phase === 'Completed');
    await until('no slot is left over', () => queueStatus(world)?.running === 0);
  }));

test('[S1] [S10] a project that cannot be started sits on no slot, and gets its turn once it can', () =>
  withWorld(async (world) => {
    const missing = join(world.root, 'later');
    world.spec('queue.yaml', queueYaml('night', { maxRunning: 1 }));
    world.spec('first.yaml', taskYaml('first', 'exit 0', { workingDir: missing, priority: 9 }));
    await world.start('--resync', '1s');
    await until('it says why', () => admitted(world, 'first')?.reason === 'WorkingDirMissing');
    world.spec('next.yaml', taskYaml('next', 'exit 0'));
    await until('the next ran', () => world.status('next')?.status.phase === 'Completed');
    mkdirSync(missing);
    await until('the first ran', () => world.status('first')?.status.phase === 'Completed');
  }));

test('[S9] while tmux does not answer nothing is admitted and no slot goes back; then all goes on', () =>
  withWorld(async (world) => {
    const go = join(world.root, 'go');
    const waiting = (name: string) => logging(world, name, `while ! test -e ${go}; do sleep 0.05; done`);
    world.spec('queue.yaml', queueYaml('night', { maxRunning: 2 }));
    for (const name of ['a', 'b', 'c']) world.spec(`${name}.yaml`, taskYaml(name, waiting(name)));
    await world.start();
    await until('two run', () => runsOf(world).begun.length === 2);
    const server = Number(await world.tmux('display-message', '-p', '#{pid}'));
    signalProcess(server, 'SIGSTOP');
    try {
      await until('it is said', () => condition(world.status('a'), 'Ready')?.status === 'Unknown', 40_000);
      writeFileSync(go, '');
      await until('both ended', () => runsOf(world).ended.length === 2);
      await holds('no slot goes back', 1000, () => queueStatus(world)?.running === 2);
    } finally {
      signalProcess(server, 'SIGCONT');
    }
    await until('all ran', () => runsOf(world).ended.length === 3, 40_000);
    expect(runsOf(world).most).toBe(2);
  }));

test('too many failures open the breaker, a trial that fails opens it again, one that succeeds closes it', () =>
  withWorld(async (world) => {
    const good = join(world.root, 'good');
    const circuitBreaker = { failures: 2, window: '10m', openFor: '2s' };
    world.spec('queue.yaml', queueYaml('night', { maxRunning: 1, circuitBreaker }));
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) {
      world.spec(`${name}.yaml`, taskYaml(name, logging(world, name, `sleep 0.2; test -e ${good}`)));
    }
    await world.start();
    await until('it is open', () => queueStatus(world)?.breaker?.state === 'Open');
    expect(runsOf(world).begun).toHaveLength(2);
    expect(queueStatus(world)?.conditions[0]).toMatchObject({ status: 'False', reason: 'BreakerOpen' });
    await until('they say so', () => admitted(world, 'e')?.reason === 'BreakerOpen');
    await until('a trial runs', () => runsOf(world).begun.length === 3);
    expect(existsSync(good)).toBe(false);
    await until('it failed', () => queueStatus(world)?.breaker?.state === 'Open' && runsOf(world).ended.length === 3);
    writeFileSync(good, '');
    await until('all ran', () => runsOf(world).ended.length === 5);
    await until('it is closed', () => queueStatus(world)?.breaker?.state === 'Closed');
    const reasons = (await events(world)).map(({ reason }) => reason).filter((reason) => reason.startsWith('Breaker'));
    expect(reasons).toEqual(expect.arrayContaining(['BreakerOpened', 'BreakerHalfOpen', 'BreakerClosed']));
  }));

test('a project that runs already when it is given a queue is taken in beyond the limit, and not ended', () =>
  withWorld(async (world) => {
    world.spec('queue.yaml', queueYaml('night', { maxRunning: 1 }));
    world.spec('a.yaml', projectYaml('a', { main: SLEEP }, { queue: 'night' }));
    world.spec('b.yaml', projectYaml('b', { main: SLEEP }));
    await world.start();
    await until('both run', () => running(world) === 2);
    const pid = await until('its process is known', () => world.agent('b', 'main')?.pid);
    world.spec('b.yaml', projectYaml('b', { main: SLEEP }, { queue: 'night' }));
    await until('it has a slot', () => queueStatus(world)?.running === 2 && admitted(world, 'b')?.status === 'True');
    expect(world.agent('b', 'main')?.pid).toBe(pid);
  }));

test('a project whose queue does not exist waits, and says which queues do', () =>
  withWorld(async (world) => {
    world.spec('queue.yaml', queueYaml('night', { maxRunning: 1 }));
    world.spec('a.yaml', projectYaml('a', { main: SLEEP }, { queue: 'nigth' }));
    await world.start();
    await until('it says so', () => admitted(world, 'a')?.reason === 'UnknownQueue');
    expect(admitted(world, 'a')?.message).toContain('there is no queue nigth, only night');
    world.spec('other.yaml', queueYaml('nigth', { maxRunning: 1 }));
    await until('it runs', () => running(world) === 1);
  }));

test('dependencies: one after the other, a failed one and a cycle are named, with a queue and without', () =>
  withWorld(async (world) => {
    const go = join(world.root, 'go');
    world.spec('queue.yaml', queueYaml('night', { maxRunning: 5 }));
    world.spec('one.yaml', taskYaml('one', `while ! test -e ${go}; do sleep 0.05; done`));
    world.spec('two.yaml', taskYaml('two', logging(world, 'two', 'true'), { dependsOn: ['one'] }));
    const free = { command: ['sh', '-c', logging(world, 'free', 'true')], restartPolicy: 'Never' };
    world.spec('free.yaml', projectYaml('free', { main: free }, { dependsOn: ['two'] }));
    world.spec('bad.yaml', taskYaml('bad', 'exit 1'));
    world.spec('after-bad.yaml', taskYaml('after-bad', 'true', { dependsOn: ['bad'] }));
    world.spec('lost.yaml', taskYaml('lost', 'true', { dependsOn: ['onee'] }));
    world.spec('x.yaml', taskYaml('x', 'true', { dependsOn: ['y'] }));
    world.spec('y.yaml', taskYaml('y', 'true', { dependsOn: ['x'] }));
    world.spec('beside.yaml', taskYaml('beside', 'true', { dependsOn: ['x'] }));
    await world.start();
    await until('two waits', () => admitted(world, 'two')?.reason === 'DependencyPending');
    await until('free waits', () => admitted(world, 'free')?.message === 'it waits until two is completed');
    await until('the failed one is named', () => admitted(world, 'after-bad')?.reason === 'DependencyFailed');
    await until('the missing one is named', () =>
      admitted(world, 'lost')?.message?.includes('onee, which does not exist; one does'),
    );
    await until('the cycle is named', () => admitted(world, 'x')?.message?.includes('it depends on itself: x → y → x'));
    await until('who is not in it waits', () => admitted(world, 'beside')?.reason === 'DependencyPending');
    const { items } = JSON.parse((await world.muxlet('recover', 'list', '-o', 'json')).stdout) as {
      readonly items: readonly Readonly<Record<'object' | 'state' | 'next', string>>[];
    };
    const listed = items.map(({ object, state, next }) => `${object} ${state}: ${next}`);
    expect(listed.sort()).toEqual([
      'project/after-bad Stalled: muxlet describe project after-bad',
      'project/bad Failed: muxlet reset project bad',
      ...['lost', 'x', 'y'].map((name) => `project/${name} Stalled: muxlet edit project ${name}`),
    ]);
    writeFileSync(go, '');
    await until('both ran', () => runsOf(world).ended.length === 2);
    expect(runsOf(world).begun).toEqual(['two', 'free']);
  }));
