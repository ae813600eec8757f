import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signalProcess } from '../../support/signal-process.ts';
import { inOrder, isAlive, startTeam, teamOf } from '../support/team.ts';
import { holds, projectYaml, until, type World, withWorld } from '../support/world.ts';

/** Ids of the living processes with this argument list. */
function pidsOf(argv: readonly string[]): number[] {
  const wanted = `${argv.join('\0')}\0`;
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8') === wanted && isAlive(pid);
      } catch {
        return false;
      }
    });
}

/** A duration for `sleep` that no other process on the machine uses. */
function uniqueSleep(): string {
  return `${200_000 + Math.floor(Math.random() * 1e9)}`;
}

/** The first run does `first`, every later one sleeps. */
function onceThenSleep(world: World, first: string): string[] {
  const mark = join(world.work, 'mark');
  return ['sh', '-c', `[ -e ${mark} ] && exec sleep 100000; : > ${mark}; ${first}`];
}

test('[S49] the session is gone and its process lives on: the old tree is ended, and only then another runs', () =>
  withWorld(async (world) => {
    await world.start();
    const child = uniqueSleep();
    const command = ['sh', '-c', `trap "" HUP; sleep ${child} & while :; do sleep 1; done`];
    world.spec('web.yaml', projectYaml('web', { dev: { command } }));
    await world.ready('web');
    const before = teamOf(world)['dev'];
    const [firstChild] = await until(
      'its child runs',
      () => pidsOf(['sleep', child]).length === 1 && pidsOf(['sleep', child]),
    );
    await world.tmux('kill-session', '-t', '=web');
    await until('another runs', () => teamOf(world)['dev']?.restarts === 1 && teamOf(world)['dev']?.ready);
    expect(isAlive(before?.pid)).toBe(false);
    await until('the old tree is gone', () => !isAlive(before?.pid) && !isAlive(firstChild));
    await holds(
      'the new one lives',
      500,
      () => isAlive(teamOf(world)['dev']?.pid) && teamOf(world)['dev']?.restarts === 1,
    );
    expect(pidsOf(['sleep', child])).toHaveLength(1);
  }));

test('[S50] children outlive the agent, in sessions of their own and deaf to TERM: it is replaced at once, and they are ended', () =>
  withWorld(async (world) => {
    await world.start();
    const [own, deaf, plain] = [uniqueSleep(), uniqueSleep(), uniqueSleep()];
    const brood = `setsid sleep ${own} & setsid sh -c 'trap "" TERM; sleep ${deaf}; sleep 5' & sleep ${plain} & sleep 0.5; exit 1`;
    world.spec('web.yaml', projectYaml('web', { dev: { command: onceThenSleep(world, brood) } }));
    const all = () => [own, deaf, plain].flatMap((time) => pidsOf(['sleep', time]));
    await until('all children run', () => all().length === 3);
    const endedAt = await until('it has ended', () => {
      const finished = world.agent('web', 'dev')?.lastExit?.finishedAt;
      return finished !== undefined && Date.parse(finished);
    });
    await until(
      'another runs',
      () => world.agent('web', 'dev')?.ready && world.agent('web', 'dev')?.restarts === 1,
      3000,
    );
    const run = world.agent('web', 'dev')?.run ?? '';
    expect(Number(run.split('-')[0]) - endedAt).toBeLessThan(1000);
    await until('none is left', () => all().length === 0, 20_000);
    await until('nothing more is to be ended', () => world.agent('web', 'dev')?.leftovers === undefined);
    expect(world.agent('web', 'dev')).toMatchObject({ ready: true, restarts: 1, run });
  }));

test('[S50] a process that closes its terminal and lives on is ended, said to be detached, and replaced', () =>
  withWorld(async (world) => {
    await world.start();
    const close = 'trap "" HUP; sleep 0.3; exec sleep 100000 </dev/null >/dev/null 2>&1';
    world.spec('web.yaml', projectYaml('web', { dev: { command: onceThenSleep(world, close) } }));
    const pid = await until('it runs', () => world.agent('web', 'dev')?.pid);
    await until('another runs', () => world.agent('web', 'dev')?.restarts === 1 && world.agent('web', 'dev')?.ready);
    expect(isAlive(pid)).toBe(false);
    expect(world.agent('web', 'dev')?.lastExit?.pid).toBe(pid);
    const events = await world.muxlet('events', '-o', 'json');
    expect(events.stdout).toContain('Detached');
  }));

test("[S78] a bare shell that took an agent's place is not the agent: it is not running, not typed into, not ended", () =>
  withWorld(async (world) => {
    await startTeam(world);
    const before = teamOf(world);
    await world.tmux('respawn-pane', '-k', '-t', before['ops']?.pane ?? '', 'sh');
    await until('ops runs again', () => teamOf(world)['ops']?.restarts === 1 && teamOf(world)['ops']?.ready);
    const now = teamOf(world);
    expect(now['ops']?.pane).not.toBe(before['ops']?.pane);
    expect(now['dev']).toEqual(before['dev']);
    const [pid, command] = (
      await world.tmux('display-message', '-p', '-t', before['ops']?.pane ?? '', '#{pane_pid} #{pane_current_command}')
    ).split(' ');
    expect(command).toBe('sh');
    await holds('the shell lives and is left alone', 700, () => isAlive(Number(pid)));
    expect((await world.tmux('capture-pane', '-p', '-t', before['ops']?.pane ?? '')).trim()).toMatch(/^[#$]?$/);
  }));

test('[S78] a session that another tool restored, with bare shells and without marks, is not running and not ours', () =>
  withWorld(async (world) => {
    const first = await startTeam(world);
    await first.end();
    await world.tmux('kill-session', '-t', '=web');
    await world.tmux('new-session', '-d', '-s', 'web', '-n', 'dev', 'sh', ';', 'new-window', '-d', '-n', 'ops', 'sh');
    const restored = await world.tmux('list-panes', '-s', '-t', '=web:', '-F', '#{pane_id} #{pane_pid}');
    await world.start();
    const ready = () => world.status('web')?.status.conditions.find(({ type }) => type === 'Ready');
    await until('it is said', () => ready()?.status === 'False' && ready()?.reason === 'NameConflict');
    expect(world.status('web')?.status.phase).not.toBe('Running');
    expect(Object.values(teamOf(world)).some((agent) => agent.ready)).toBe(false);
    expect(await world.tmux('list-panes', '-s', '-t', '=web:', '-F', '#{pane_id} #{pane_pid}')).toBe(restored);
    await world.tmux('kill-session', '-t', '=web');
    await world.ready('web');
    await inOrder(world, ['dev', 'ops', 'test']);
  }));

/** Starts a process of nobody's under a given id (needs the right to write ns_last_pid), or undefined. */
function spawnAs(pid: number): ChildProcess | undefined {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const child = (() => {
      try {
        writeFileSync('/proc/sys/kernel/ns_last_pid', `${pid - 1}`);
      } catch {
        return undefined;
      }
      return spawn('sleep', ['100000'], { env: { PATH: '/usr/bin:/bin' }, stdio: 'ignore', detached: true });
    })();
    if (child === undefined || child.pid === pid) return child;
    child.kill('SIGKILL');
  }
  return undefined;
}

const canChoosePid = (() => {
  try {
    writeFileSync('/proc/sys/kernel/ns_last_pid', execFileSync('cat', ['/proc/sys/kernel/ns_last_pid']));
    return true;
  } catch {
    return false;
  }
})();

for (const { what, controllerGone } of [
  { what: 'while the controller was away', controllerGone: true },
  { what: 'under its eyes', controllerGone: false },
]) {
  test.skipIf(!canChoosePid)(
    `[S51] the agent's process id passes to a stranger ${what}: the stranger is never signalled`,
    () =>
      withWorld(async (world) => {
        const first = await startTeam(world);
        const pid = teamOf(world)['ops']?.pid ?? 0;
        if (controllerGone) await first.end('SIGKILL');
        else first.process.kill('SIGSTOP');
        signalProcess(pid, 'SIGKILL');
        await until('the id is free', async () => {
          await world.tmux('run-shell', '-b', ':'); // has tmux collect what it missed
          return !readdirSync('/proc').includes(`${pid}`);
        });
        // Others begin processes as well, and one of theirs may have it for a while.
        const stranger = await until('the id is had', () => spawnAs(pid));
        try {
          if (controllerGone) await world.start();
          else first.process.kill('SIGCONT');
          await until('ops runs again', () => teamOf(world)['ops']?.ready && teamOf(world)['ops']?.restarts === 1);
          await inOrder(world, ['dev', 'ops', 'test']);
          await world.muxlet('delete', 'project', 'web');
          await until('the project is gone', () => world.status('web') === undefined, 20_000);
          expect(stranger.exitCode).toBe(null);
          expect(stranger.signalCode).toBe(null);
          expect(isAlive(pid)).toBe(true);
        } finally {
          stranger.kill('SIGKILL');
        }
      }),
  );
}

test('[S51] a record that names a stranger as the agent, or as something to be ended, does not get it signalled', () =>
  withWorld(async (world) => {
    const first = await startTeam(world);
    await first.end('SIGKILL');
    const stranger = spawn('sleep', ['100000'], { env: { PATH: '/usr/bin:/bin' }, stdio: 'ignore' });
    try {
      const file = join(world.state, 'status', 'project', 'web.json');
      const object = JSON.parse(readFileSync(file, 'utf8'));
      const since = new Date(0).toISOString();
      for (const agent of object.status.agents) {
        agent.pid = stranger.pid;
        agent.termination = { reason: 'SpecChanged', stage: 'Kill', since, stageSince: since };
        agent.leftovers = { reason: 'Leftover', stage: 'Kill', since, stageSince: since };
      }
      writeFileSync(file, JSON.stringify(object));
      await world.start();
      await world.ready('web');
      await inOrder(world, ['dev', 'ops', 'test']);
      await holds('the stranger lives', 1000, () => stranger.signalCode === null && stranger.exitCode === null);
    } finally {
      stranger.kill('SIGKILL');
    }
  }));
