import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holds, projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';
import { classYaml, pidIn, runs, script } from './support.ts';

/** Starts a process that has nothing to do with muxlet; it ends with the test. */
async function withBystander(run: (bystander: ChildProcess) => Promise<void>): Promise<void> {
  const bystander = spawn('sleep', ['100000'], { stdio: 'ignore', detached: true });
  try {
    await run(bystander);
  } finally {
    bystander.kill('SIGKILL');
  }
}

/** Waits until all of them have written their process ids into files of the work directory. */
function pidsOf(world: World, ...names: string[]): Promise<number[]> {
  return until(`${names.join(', ')} run`, () => {
    const pids = names.map((name) => pidIn(join(world.work, name)));
    return pids.every((pid) => pid !== undefined) ? pids : undefined;
  });
}

const isGone = (world: World, name: string): boolean => world.status(name) === undefined;

test('[S12] a removed project takes its whole process tree along, however it hides, and nobody else', () =>
  withWorld((world) =>
    withBystander(async (bystander) => {
      // In turn: deaf to TERM; in a session of its own; reparented to init; both, deaf, and with an emptied environment.
      const tree = script(`
        cd ${world.work}
        trap '' TERM HUP INT
        sh -c 'trap "" TERM HUP; echo $$ > deaf; while :; do sleep 1; done' &
        setsid sh -c 'echo $$ > session; exec sleep 100000' &
        (sh -c 'echo $$ > orphan; exec sleep 100000' &)
        (setsid sh -c 'trap "" TERM HUP; echo $$ > hidden; while :; do sleep 1; done' &)
        env -i PATH="$PATH" sh -c 'trap "" TERM HUP; echo $$ > bare; while :; do sleep 1; done' &
        echo $$ > root
        while :; do sleep 1; done`);
      await world.start();
      world.spec('quick.yaml', classYaml('quick'));
      const file = world.spec('web.yaml', projectYaml('web', { dev: { class: 'quick', command: tree } }));
      world.spec('other.yaml', projectYaml('other', { dev: SLEEP }));
      await Promise.all([world.ready('web'), world.ready('other')]);
      const pids = await pidsOf(world, 'root', 'deaf', 'session', 'orphan', 'hidden', 'bare');
      const other = world.agent('other', 'dev')?.pid ?? 0;
      await world.tmux('new-session', '-d', '-s', 'mine', ...SLEEP);
      const mine = Number(await world.tmux('display-message', '-p', '-t', '=mine:', '#{pane_pid}'));

      rmSync(file);
      await until('nothing of web is left', () => isGone(world, 'web'));
      expect(pids.filter(runs)).toEqual([]);
      expect([other, mine, bystander.pid ?? 0].map(runs)).toEqual([true, true, true]);
      expect(world.agent('other', 'dev')).toMatchObject({ pid: other, restarts: 0 });
      await expect(world.tmux('has-session', '-t', '=web')).rejects.toThrow();
      await world.tmux('has-session', '-t', '=mine');
    }),
  ));

test('[S12] an agent that ends by itself leaves no children behind that its next run could meet', () =>
  withWorld(async (world) => {
    const parent = script(`
      cd ${world.work}
      [ -e child ] || setsid sh -c 'trap "" TERM HUP; echo $$ > child; while :; do sleep 1; done' &
      while [ ! -s child ]; do sleep 0.05; done
      [ -e second ] && exec sleep 100000
      echo > second`);
    await world.start();
    world.spec('quick.yaml', classYaml('quick'));
    world.spec('web.yaml', projectYaml('web', { dev: { class: 'quick', command: parent } }));
    const [child = 0] = await pidsOf(world, 'child');
    await until(
      'the second run is ready',
      () => world.agent('web', 'dev')?.restarts === 1 && world.agent('web', 'dev')?.ready,
    );
    const pid = world.agent('web', 'dev')?.pid ?? 0;
    await until('the child of the first run is gone', () => !runs(child));
    expect(runs(pid)).toBe(true);
    expect(world.agent('web', 'dev')).toMatchObject({ pid, restarts: 1 });
  }));

test('an agent is asked to finish by the signal of its class, and no TERM follows if it does', () =>
  withWorld(async (world) => {
    const dev = script(`
      cd ${world.work}
      trap 'echo finished >> said; exit 0' USR1
      trap 'echo TERM >> said; exit 1' TERM
      echo ready >> said
      while :; do sleep 0.05; done`);
    await world.start();
    world.spec('polite.yaml', classYaml('polite', { finish: { signal: 'USR1', timeoutSeconds: 5 } }));
    const file = world.spec('web.yaml', projectYaml('web', { dev: { class: 'polite', command: dev } }));
    await until('its traps are set', () => existsSync(join(world.work, 'said')));
    await world.ready('web');
    rmSync(file);
    await until('it is gone', () => isGone(world, 'web'));
    expect(readFileSync(join(world.work, 'said'), 'utf8')).toBe('ready\nfinished\n');
  }));

test('an agent is asked to finish by the keys of its class', () =>
  withWorld(async (world) => {
    const dev = script(`
      cd ${world.work}
      trap 'echo TERM >> said; exit 1' TERM
      echo ready >> said
      while read -r line; do echo "$line" >> said; [ "$line" = /exit ] && exit 0; done`);
    await world.start();
    world.spec('typed.yaml', classYaml('typed', { finish: { keys: ['/exit', 'Enter'], timeoutSeconds: 5 } }));
    const file = world.spec('web.yaml', projectYaml('web', { dev: { class: 'typed', command: dev } }));
    await until('it reads', () => existsSync(join(world.work, 'said')));
    await world.ready('web');
    rmSync(file);
    await until('it is gone', () => isGone(world, 'web'));
    expect(readFileSync(join(world.work, 'said'), 'utf8')).toBe('ready\n/exit\n');
  }));

test('an agent that does not finish as its class says gets TERM after the time for that, and KILL after the grace', () =>
  withWorld(async (world) => {
    const dev = script(`
      cd ${world.work}
      say() { echo "$1 $(date +%s%3N)" >> said; }
      trap 'say INT' INT
      trap 'say TERM' TERM
      say ready
      while :; do sleep 0.02; done`);
    await world.start();
    const finish = { signal: 'INT', timeoutSeconds: 0.6 };
    world.spec('slow.yaml', classYaml('slow', { finish, terminationGracePeriodSeconds: 0.8 }));
    const file = world.spec('web.yaml', projectYaml('web', { dev: { class: 'slow', command: dev } }));
    await until('its traps are set', () => existsSync(join(world.work, 'said')));
    await world.ready('web');
    const { pid = 0 } = world.agent('web', 'dev') ?? {};
    rmSync(file);
    await until('it is gone', () => isGone(world, 'web'));
    const endedAt = Date.now();
    expect(runs(pid)).toBe(false);
    const said = readFileSync(join(world.work, 'said'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
    expect(said.map(([what]) => what)).toEqual(['ready', 'INT', 'TERM']);
    const [, finishAt = 0, termAt = 0] = said.map(([, at]) => Number(at));
    expect(termAt - finishAt).toBeGreaterThanOrEqual(550);
    expect(termAt - finishAt).toBeLessThan(3000);
    expect(endedAt - termAt).toBeGreaterThanOrEqual(750);
    expect(endedAt - termAt).toBeLessThan(4000);
  }));

test('[S12] the default grace is 10 s: no KILL comes before', () =>
  withWorld(async (world) => {
    const deaf = script(`trap '' TERM; echo $$ > ${world.work}/deaf; while :; do sleep 1; done`);
    await world.start();
    const file = world.spec('web.yaml', projectYaml('web', { dev: deaf }));
    await world.ready('web');
    const [pid = 0] = await pidsOf(world, 'deaf');
    rmSync(file);
    await until('it is told to end', () => world.agent('web', 'dev')?.termination?.stage === 'Term');
    await holds('it lives', 9000, () => runs(pid));
    await until('it is gone', () => isGone(world, 'web') && !runs(pid), 6000);
  }));

test('a removal that SIGKILL interrupts at any of its stages is finished by the next controller', () =>
  withWorld(async (world) => {
    const tree = script(`
      cd ${world.work}
      trap '' TERM INT
      setsid sh -c 'trap "" TERM; echo $$ > child; while :; do sleep 1; done' &
      echo $$ > root
      while :; do sleep 1; done`);
    const finish = { signal: 'INT', timeoutSeconds: 1 };
    world.spec('slow.yaml', classYaml('slow', { finish, terminationGracePeriodSeconds: 1 }));
    for (const stage of ['Begun', 'Finish', 'Term', 'Kill']) {
      const first = await world.start();
      const file = world.spec('web.yaml', projectYaml('web', { dev: { class: 'slow', command: tree }, more: SLEEP }));
      const { metadata } = await world.ready('web');
      const pids = await pidsOf(world, 'root', 'child');
      rmSync(file);
      await until(`the removal has come to ${stage}`, () => {
        const now = world.agent('web', 'dev');
        return isGone(world, 'web') || now?.termination?.stage === stage || (stage === 'Begun' && now?.termination);
      });
      await first.end('SIGKILL');
      // The agent's class may be gone as well by then: how it is ended was written down.
      const second = await world.start();
      await until('the removal is finished', () => isGone(world, 'web'));
      expect(pids.filter(runs)).toEqual([]);
      await expect(world.tmux('has-session', '-t', '=web')).rejects.toThrow();
      const inventory = () => readFileSync(join(world.state, 'inventory.json'), 'utf8');
      await until('nothing of it is on record', () => !inventory().includes(metadata.uid));
      for (const name of ['root', 'child']) rmSync(join(world.work, name));
      await second.end();
    }
  }));

test('a file that is removed while no controller runs ends its project once one does', () =>
  withWorld(async (world) => {
    const first = await world.start();
    const file = world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
    const { pid = 0 } = (await world.ready('web')).status.agents[0] ?? {};
    await first.end();
    rmSync(file);
    expect(runs(pid)).toBe(true);
    await world.start();
    await until('it is gone', () => isGone(world, 'web') && !runs(pid));
  }));

test('a file that comes back is a new object, also while the old one is still being ended', () =>
  withWorld(async (world) => {
    const deaf = script(`trap '' TERM; echo $$ >> ${world.work}/pids; while :; do sleep 1; done`);
    await world.start();
    world.spec('slow.yaml', classYaml('slow', { terminationGracePeriodSeconds: 1.5 }));
    const text = projectYaml('web', { dev: { class: 'slow', command: deaf } });
    const file = world.spec('web.yaml', text);
    const first = await world.ready('web');
    const { pid = 0 } = first.status.agents[0] ?? {};

    rmSync(file);
    await until('it is being ended', () => world.agent('web', 'dev')?.termination?.stage === 'Term');
    world.spec('web.yaml', text);
    await holds('the old object goes its way', 800, () => {
      const now = world.status('web');
      return runs(pid) ? now?.metadata.uid === first.metadata.uid && now.status.phase === 'Terminating' : true;
    });
    const second = await until('the new object is ready', () => {
      const now = world.status('web');
      return now?.metadata.uid !== first.metadata.uid && now?.status.phase === 'Running' ? now : undefined;
    });
    expect(runs(pid)).toBe(false);
    expect(second.metadata.deletionTimestamp).toBeUndefined();
    expect(second.metadata.generation).toBe(1);
    expect(second.status.agents[0]?.restarts).toBe(0);
    expect(second.status.agents[0]?.lastExit).toBeUndefined();

    rmSync(file);
    await until('it is gone', () => isGone(world, 'web'));
    world.spec('web.yaml', text);
    const third = await world.ready('web');
    expect(new Set([first, second, third].map(({ metadata }) => metadata.uid)).size).toBe(3);
  }));

test('a file that is replaced by another of the same content, or moved, goes on being the same object', () =>
  withWorld(async (world) => {
    await world.start();
    const text = projectYaml('web', { dev: { command: SLEEP, workingDir: world.work } });
    const file = world.spec('web.yaml', text);
    const { metadata, status } = await world.ready('web');
    for (let round = 0; round < 5; round += 1) {
      writeFileSync(join(world.specs, '.new'), text);
      rmSync(file);
      renameSync(join(world.specs, '.new'), file);
    }
    world.spec('deeper/web.yaml', text);
    rmSync(file);
    await holds('the same agent runs', 1500, () => {
      const now = world.status('web');
      return now?.metadata.uid === metadata.uid && now.status.agents[0]?.pid === status.agents[0]?.pid;
    });
    expect(world.status('web')?.metadata.deletionTimestamp).toBeUndefined();
  }));
