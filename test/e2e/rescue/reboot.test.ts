import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signalProcess } from '../../support/signal-process.ts';
import { putClass, starts } from '../launching/support.ts';
import { agentProcesses } from '../support/agents.ts';
import { giveClock } from '../support/clock.ts';
import { startTeam, teamOf } from '../support/team.ts';
import { holds, projectYaml, type Running, SLEEP, until, type World, withWorld } from '../support/world.ts';

const MINUTES = 60_000;

/** The machine goes down and comes up again: nothing runs, and the system's boot has another id than is on record. */
async function reboot(world: World, controller: Running): Promise<void> {
  await controller.end('SIGKILL');
  await world.tmux('kill-server').catch(() => '');
  for (let left = agentProcesses(world); left.length > 0; left = agentProcesses(world)) {
    for (const { pid } of left) signalProcess(pid, 'SIGKILL');
  }
  const file = join(world.state, 'boot.json');
  const boot = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...boot, id: '00000000-0000-4000-8000-000000000000' }));
}

/** Ready a while after its start. */
function slowAgent(world: World, name: string): Record<string, unknown> {
  const file = join(world.work, name);
  return {
    command: ['sh', '-c', `rm -f ${file}; sleep 0.7; : > ${file}; exec sleep 100000`],
    readinessProbe: { exec: { command: ['test', '-e', file] }, periodSeconds: 1 },
  };
}

function isReady(world: World, name: string): boolean {
  return (
    world.status(name)?.status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True') === true
  );
}

test(
  '[S75] [S2] after a reboot all that should run is started again, two projects at a time, and said as starting',
  () =>
    withWorld(async (world) => {
      const controller = await world.start();
      const names = ['a', 'b', 'c', 'd', 'e', 'f'];
      for (const name of names) world.spec(`${name}.yaml`, projectYaml(name, { dev: slowAgent(world, name) }));
      for (const name of names) await world.ready(name);
      const before = names.map((name) => world.status(name)?.metadata.uid);
      const runs = new Map(names.map((name) => [name, world.agent(name, 'dev')?.run]));
      await reboot(world, controller);
      await world.start();
      const isBack = (name: string) => isReady(world, name) && world.agent(name, 'dev')?.run !== runs.get(name);
      let most = 0;
      const phases = new Set<string>();
      await until(
        'all are back',
        async () => {
          const there = await world.tmux('list-sessions', '-F', '#{session_name}').catch(() => '');
          const up = names.filter((name) => there.split('\n').includes(name));
          // Read after the sessions: who became ready in between is not counted.
          most = Math.max(most, up.filter((name) => !isBack(name)).length);
          for (const name of names) {
            const agent = world.agent(name, 'dev');
            if (agent?.run === runs.get(name) && agent?.lastExit !== undefined) phases.add(agent.state);
          }
          return names.every(isBack);
        },
        40_000,
      );
      expect(most).toBeLessThanOrEqual(2);
      expect([...phases]).toEqual(['Starting']);
      expect(names.map((name) => world.status(name)?.metadata.uid)).toEqual(before);
      for (const name of names)
        expect(world.agent(name, 'dev')).toMatchObject({ failures: 0, lastExit: { endedFor: 'Rebooted' } });
      expect((await world.muxlet('events', '-o', 'json')).stdout).toContain('"Rebooted"');
    }),
  90_000,
);

test(
  '[S75] what is done stays done after a reboot, what was cut off goes on whatever its policy, in its conversation',
  () =>
    withWorld(async (world) => {
      putClass(world, 'stand-in');
      const controller = await world.start();
      world.spec('done.yaml', projectYaml('done', { dev: { command: ['true'], restartPolicy: 'OnFailure' } }));
      world.spec('once.yaml', projectYaml('once', { dev: { command: SLEEP, restartPolicy: 'Never' } }));
      world.spec('talk.yaml', projectYaml('talk', { talker: { class: 'stand-in', workingDir: world.work } }));
      world.spec('still.yaml', projectYaml('still', { dev: SLEEP }));
      await world.ready('still');
      await world.muxlet('suspend', 'project', 'still');
      await until('it is suspended', () => world.status('still')?.status.phase === 'Suspended');
      await until('one is over', () => world.status('done')?.status.phase === 'Completed');
      await world.ready('once');
      await world.ready('talk');
      const conversation = starts(world, 'talker')[0]?.args[1];
      await reboot(world, controller);
      await world.start();
      await until('once runs again', () => world.agent('once', 'dev')?.restarts === 1 && isReady(world, 'once'));
      await until('talk goes on', () => starts(world, 'talker').length === 2);
      expect(starts(world, 'talker')[1]?.args.slice(0, 2)).toEqual(['--resume', conversation]);
      await holds('what is done, and what is suspended, stays so', 1000, () => {
        const phases = ['done', 'still'].map((name) => world.status(name)?.status.phase);
        return phases.join() === 'Completed,Suspended';
      });
      expect(world.agent('done', 'dev')?.restarts).toBe(0);
    }),
  60_000,
);

test(
  '[S75] a controller that is killed while it resumes goes on with that, at the same pace',
  () =>
    withWorld(async (world) => {
      let controller = await world.start();
      const names = ['a', 'b', 'c', 'd'];
      for (const name of names) {
        world.spec(`${name}.yaml`, projectYaml(name, { dev: { ...slowAgent(world, name), restartPolicy: 'Never' } }));
      }
      for (const name of names) await world.ready(name);
      await reboot(world, controller);
      controller = await world.start();
      await until('the first are up', () => names.some((name) => world.agent(name, 'dev')?.restarts === 1));
      await controller.end('SIGKILL');
      await world.start();
      await until('all run once more', () => names.every((name) => isReady(world, name)), 30_000);
      expect(names.map((name) => world.agent(name, 'dev')?.restarts)).toEqual([1, 1, 1, 1]);
      expect(agentProcesses(world).length).toBeGreaterThanOrEqual(4);
    }),
  60_000,
);

test('[S75] what the reboot cut off goes on also where the clock is behind after it, and says how it ended', () =>
  withWorld(async (world) => {
    const setClock = giveClock(world);
    const controller = await world.start();
    world.spec('once.yaml', projectYaml('once', { dev: { command: SLEEP, restartPolicy: 'Never' } }));
    await world.ready('once');
    await reboot(world, controller);
    // Without a battery and a network, the system goes on from what it last wrote down.
    setClock(-20 * MINUTES);
    await world.start();
    await until('it runs again', () => world.agent('once', 'dev')?.restarts === 1 && isReady(world, 'once'));
    expect(world.agent('once', 'dev')).toMatchObject({ failures: 0, lastExit: { endedFor: 'Rebooted' } });
    const { stdout } = await world.muxlet('events');
    expect(stdout).toMatch(/agent dev: it ended with the machine$/m);
  }));

test('[S74] [S76] a restart after 20 minutes off is no reboot, whatever the clock says', () =>
  withWorld(async (world) => {
    const setClock = giveClock(world);
    const controller = await startTeam(world);
    const before = teamOf(world);
    const boot = readFileSync(join(world.state, 'boot.json'), 'utf8');
    await controller.end('SIGKILL');
    setClock(20 * MINUTES);
    const second = await world.start();
    await world.ready('web');
    expect(teamOf(world)).toEqual(before);
    await second.end();
    // A second sooner or later: boot times are computed from the clock, and jitter; the boot's id does not.
    setClock(20 * MINUTES - 1000);
    await world.start();
    await world.ready('web');
    await holds('nobody is restarted', 500, () => JSON.stringify(teamOf(world)) === JSON.stringify(before));
    expect(readFileSync(join(world.state, 'boot.json'), 'utf8')).toBe(boot);
    expect((await world.muxlet('events', '-o', 'json')).stdout).not.toContain('Rebooted');
  }));

test('[S74] sessions that were lost while the controller was off, without a reboot, come back all at once', () =>
  withWorld(async (world) => {
    const controller = await world.start();
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) world.spec(`${name}.yaml`, projectYaml(name, { dev: slowAgent(world, name) }));
    for (const name of names) await world.ready(name);
    await controller.end('SIGKILL');
    await world.tmux('kill-server');
    await until('they are gone', () => agentProcesses(world).length === 0);
    await world.start();
    await until('more than two start at once', () => {
      const states = names.map((name) => world.agent(name, 'dev'));
      return states.filter((agent) => agent?.restarts === 1 && agent.ready === false).length > 2;
    });
    for (const name of names) await world.ready(name);
  }));

test('[S73] what cannot be resumed after a reboot says exactly why, and holds back nobody', () =>
  withWorld(async (world) => {
    const controller = await world.start();
    mkdirSync(join(world.work, 'gone'));
    world.spec('gone.yaml', projectYaml('gone', { dev: { command: SLEEP, workingDir: join(world.work, 'gone') } }));
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
    for (const name of ['gone', 'web']) await world.ready(name);
    await reboot(world, controller);
    rmSync(join(world.work, 'gone'), { recursive: true });
    await world.start();
    await until('web is back', () => world.agent('web', 'dev')?.restarts === 1 && isReady(world, 'web'));
    const conditions = await until('the other says why not', () => {
      const now = world.status('gone')?.status.conditions;
      return now?.some(({ type, status }) => type === 'Stalled' && status === 'True') && now;
    });
    expect(conditions.find(({ type }) => type === 'Stalled')).toMatchObject({ reason: 'WorkingDirMissing' });
    expect(conditions.find(({ type }) => type === 'Stalled')?.message).toContain(join(world.work, 'gone'));
    const listed = JSON.parse((await world.muxlet('recover', 'list', '-o', 'json')).stdout);
    expect(listed.items).toMatchObject([
      { object: 'project/gone', state: 'Stalled', next: 'muxlet edit project gone' },
    ]);
  }));

test(
  '[S73] a session that tmux refuses to make, again and again, shows what tmux said',
  () =>
    withWorld(async (world) => {
      const controller = await world.start();
      world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
      await world.ready('web');
      await reboot(world, controller);
      // The folder of the sockets cannot be written: no server comes up.
      const folder = join(world.root, 'tmux');
      const real = join(world.root, 'bin');
      mkdirSync(real);
      const tmux = (world.env['PATH'] ?? '')
        .split(':')
        .map((dir) => join(dir, 'tmux'))
        .find(existsSync);
      writeFileSync(
        join(real, 'tmux'),
        `#!/bin/sh\ncase "$*" in -V) exec ${tmux} -V;; *) [ -e ${world.root}/healed ] && exec ${tmux} "$@"; echo "no space left for sessions" >&2; exit 1;; esac\n`,
      );
      chmodSync(join(real, 'tmux'), 0o755);
      world.env['PATH'] = `${real}:${world.env['PATH']}`;
      await world.start();
      await until(
        'it says why',
        () => {
          const conditions = world.status('web')?.status.conditions ?? [];
          const up = conditions.find(({ type }) => type === 'SessionUp');
          return (
            up?.status === 'False' && up.reason === 'ActionFailed' && up.message.includes('no space left for sessions')
          );
        },
        20_000,
      );
      expect(existsSync(folder)).toBe(true);
      writeFileSync(join(world.root, 'healing'), '');
      renameSync(join(world.root, 'healing'), join(world.root, 'healed'));
      await until('it comes back', () => world.agent('web', 'dev')?.restarts === 1 && isReady(world, 'web'), 40_000);
    }),
  90_000,
);
