import { describe, expect, test } from 'vitest';
import { signalProcess } from '../../support/signal-process.ts';
import { expectUntouched, inOrder, startTeam, teamOf, windowsOf } from '../support/team.ts';
import { type Running, until, type World, withWorld } from '../support/world.ts';

const ALL = ['dev', 'ops', 'test'];

interface Change {
  readonly what: string;
  readonly change: (world: World) => Promise<unknown>;
}

async function inTurn(world: World, lines: readonly string[]): Promise<void> {
  for (const line of lines) await world.tmux(...line.split(' '));
}

const CHANGES: readonly Change[] = [
  { what: 'the session is renamed', change: (world) => world.tmux('rename-session', '-t', '=web', 'mine') },
  { what: 'a window is renamed', change: (world) => world.tmux('rename-window', '-t', '=web:ops', 'x y: #(z)') },
  {
    what: 'two windows exchange their names',
    change: (world) =>
      inTurn(world, ['rename-window -t =web:0 x', 'rename-window -t =web:1 dev', 'rename-window -t =web:0 ops']),
  },
  { what: 'two windows are swapped', change: (world) => world.tmux('swap-window', '-s', '=web:0', '-t', '=web:2') },
  {
    what: 'all windows are reordered',
    change: (world) => inTurn(world, ['move-window -s =web:0 -t =web:9', 'move-window -s =web:2 -t =web:0']),
  },
  { what: 'a window is moved away', change: (world) => world.tmux('move-window', '-s', '=web:0', '-t', '=web:7') },
  { what: 'windows are renumbered', change: (world) => world.tmux('move-window', '-r', '-t', '=web') },
  {
    what: "a window is moved to a person's session",
    change: (world) => inTurn(world, ['new-session -d -s mine', 'move-window -s =web:ops -t =mine:5']),
  },
  {
    what: "all windows are moved to a person's session",
    change: async (world) => {
      await world.tmux('new-session', '-d', '-s', 'mine');
      // All at once: one after the other, those that went first may be back before the last one goes.
      await Promise.allSettled(
        ALL.map((name, at) => world.tmux('move-window', '-s', `=web:${name}`, '-t', `=mine:${at + 5}`)),
      );
    },
  },
  {
    what: "all windows but one are moved to a person's session",
    change: (world) =>
      inTurn(world, [
        'new-session -d -s mine',
        'move-window -s =web:dev -t =mine:5 ; move-window -s =web:ops -t =mine:6',
      ]),
  },
  {
    what: "a pane is joined to another agent's window",
    change: (world) => world.tmux('join-pane', '-d', '-s', '=web:ops', '-t', '=web:dev'),
  },
  {
    what: "a pane is joined to a person's window in our session",
    change: (world) => inTurn(world, ['new-window -d -t =web:5 -n own', 'join-pane -d -s =web:ops -t =web:own']),
  },
  {
    what: "a pane is joined to a person's session",
    change: (world) => inTurn(world, ['new-session -d -s mine', 'join-pane -d -s =web:ops -t =mine:0']),
  },
  {
    what: 'two panes are swapped between their windows',
    change: (world) => world.tmux('swap-pane', '-d', '-s', '=web:dev.0', '-t', '=web:test.0'),
  },
  {
    what: 'a pane is broken out of the window that a person had split',
    change: (world) => inTurn(world, ['split-window -d -t =web:ops', 'break-pane -d -s =web:ops.0 -n elsewhere']),
  },
  {
    what: 'all agents are gathered in one window',
    change: (world) => inTurn(world, ['join-pane -d -s =web:ops -t =web:dev', 'join-pane -d -s =web:test -t =web:dev']),
  },
  {
    what: 'a window is linked into another session',
    change: (world) => inTurn(world, ['new-session -d -s mine', 'link-window -d -s =web:ops -t =mine:5']),
  },
];

/** Our agents' windows, in the order in which they stand; a person's own are passed over. */
async function agentWindows(world: World): Promise<string[]> {
  const lines = await world.tmux('list-panes', '-s', '-t', '=web:', '-F', '#{window_name} #{pane_id}');
  const panes = new Map(Object.entries(teamOf(world)).map(([name, { pane }]) => [pane, name]));
  return lines.split('\n').flatMap((line) => {
    const agent = panes.get(line.split(' ').at(-1));
    return agent === undefined ? [] : [`${line.slice(0, line.lastIndexOf(' '))}=${agent}`];
  });
}

/** Panes without our mark, a person's and the anchor's. */
async function othersPanes(world: World): Promise<string[]> {
  const unmarked = '#{==:#{@muxlet-pane},}';
  return (await world.tmux('list-panes', '-a', '-f', unmarked, '-F', '#{pane_id} #{pane_pid}')).split('\n').sort();
}

/** The team stands in its own session as declared, and nothing else of ours is left anywhere. */
async function untilHome(world: World): Promise<void> {
  await until('each agent has its window, in the declared order', async () => {
    const now = await agentWindows(world);
    return now.join() === ALL.map((name) => `${name}=${name}`).join() || Promise.reject(new Error(now.join()));
  });
  await until('nothing holds the session open but its windows', async () => {
    const marked = await world.tmux('list-panes', '-a', '-f', '#{@muxlet-pane}', '-F', '#{pane_id}');
    return new Set(marked.split('\n')).size === ALL.length;
  });
  await world.ready('web');
}

describe('what is moved or renamed is put right, and nobody is restarted', () => {
  for (const { what, change } of CHANGES) {
    test(`[S36] ${what}`, () =>
      withWorld(async (world) => {
        await startTeam(world);
        const before = teamOf(world);
        await change(world);
        const others = await othersPanes(world);
        await untilHome(world);
        expectUntouched(world, before);
        expect(await othersPanes(world)).toEqual(others);
      }));
  }
});

/** Moves all windows to a person's session while the controller sees nothing of it: our session ends. */
async function moveAll(world: World, controller: Running): Promise<void> {
  controller.process.kill('SIGSTOP');
  await world.tmux('new-session', '-d', '-s', 'mine');
  for (const name of ALL) await world.tmux('move-window', '-d', '-s', `=web:${name}`, '-t', '=mine:');
  await expect(world.tmux('has-session', '-t', '=web')).rejects.toThrow();
}

test("[S36] agents come home from a person's session that has no other window, and it keeps the last one as well", () =>
  withWorld(async (world) => {
    const controller = await startTeam(world);
    const before = teamOf(world);
    await moveAll(world, controller);
    await world.tmux('kill-window', '-t', '=mine:0');
    controller.process.kill('SIGCONT');
    await untilHome(world);
    expectUntouched(world, before);
    expect(await windowsOf(world, 'mine')).toHaveLength(1);
  }));

test('[S36] a controller that is killed while it brings the agents home is followed by one that goes on', () =>
  withWorld(async (world) => {
    const controller = await startTeam(world);
    const before = teamOf(world);
    await moveAll(world, controller);
    const others = await othersPanes(world);
    controller.process.kill('SIGCONT');
    await until('the session is there again', () => world.tmux('has-session', '-t', '=web').then(() => true));
    await controller.end('SIGKILL');
    await world.start();
    await untilHome(world);
    expectUntouched(world, before);
    expect(await othersPanes(world)).toEqual(others);
  }));

test('[S36] a session that was renamed is not made twice, and its old name is taken back even while agents are hit', () =>
  withWorld(async (world) => {
    await startTeam(world);
    const before = teamOf(world);
    await world.tmux('rename-session', '-t', '=web', 'mine');
    signalProcess(before['ops']?.pid, 'SIGKILL');
    await until('it is whole again', () => teamOf(world)['ops']?.restarts === 1 && teamOf(world)['ops']?.ready);
    await inOrder(world, ALL);
    expect((await world.tmux('list-sessions', '-F', '#{session_name}')).split('\n').sort()).toEqual(['_muxlet', 'web']);
    for (const agent of ['dev', 'test']) expect(teamOf(world)[agent]).toEqual(before[agent]);
  }));

test('[S36] where a person has taken the name of our session meanwhile, theirs is left alone and ours is found by its mark', () =>
  withWorld(async (world) => {
    await startTeam(world);
    const before = teamOf(world);
    await world.tmux('rename-session', '-t', '=web', 'old', ';', 'new-session', '-d', '-s', 'web', 'sleep', '100001');
    signalProcess(before['dev']?.pid, 'SIGKILL');
    await until('dev runs again', () => teamOf(world)['dev']?.restarts === 1 && teamOf(world)['dev']?.ready);
    expect(await windowsOf(world, 'old')).toEqual(['0 dev', '1 ops', '2 test']);
    expect(await world.tmux('list-panes', '-s', '-t', '=web:', '-F', '#{pane_start_command}')).toBe('sleep 100001');
    expect(teamOf(world)['ops']).toEqual(before['ops']);
    await world.tmux('kill-session', '-t', '=web');
    await until('the name is ours again', async () => (await windowsOf(world, 'web')).length === 3);
  }));
