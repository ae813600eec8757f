import { describe, expect, test } from 'vitest';
import { signalProcess } from '../../support/signal-process.ts';
import { inOrder, isAlive, serverPid, startTeam, teamOf } from '../support/team.ts';
import { until, type World, withWorld } from '../support/world.ts';

interface Destruction {
  readonly what: string;
  readonly destroy: (world: World) => Promise<unknown>;
  /** Agents that are hit. */
  readonly hit: readonly string[];
  /** Why the run ended, as the status says. */
  readonly reason: string;
}

const ALL = ['dev', 'ops', 'test'];

function pidOf(world: World, agent: string): number {
  return world.agent('web', agent)?.pid ?? Number.NaN;
}

const DESTRUCTIONS: readonly Destruction[] = [
  {
    what: 'an agent is killed',
    destroy: async (world) => signalProcess(pidOf(world, 'ops'), 'SIGKILL'),
    hit: ['ops'],
    reason: 'Signal',
  },
  {
    what: 'all agents are killed in one go',
    destroy: async (world) => {
      for (const agent of ALL) signalProcess(pidOf(world, agent), 'SIGKILL');
    },
    hit: ALL,
    reason: 'Signal',
  },
  {
    what: 'a window is killed',
    destroy: (world) => world.tmux('kill-window', '-t', '=web:ops'),
    hit: ['ops'],
    reason: 'PaneGone',
  },
  {
    what: 'the first window is killed',
    destroy: (world) => world.tmux('kill-window', '-t', '=web:dev'),
    hit: ['dev'],
    reason: 'PaneGone',
  },
  {
    what: 'a pane is killed',
    destroy: (world) => world.tmux('kill-pane', '-t', world.agent('web', 'test')?.pane?.id ?? ''),
    hit: ['test'],
    reason: 'PaneGone',
  },
  {
    what: 'all windows but one are killed',
    destroy: (world) => world.tmux('kill-window', '-a', '-t', '=web:test'),
    hit: ['dev', 'ops'],
    reason: 'PaneGone',
  },
  {
    what: 'the session is killed',
    destroy: (world) => world.tmux('kill-session', '-t', '=web'),
    hit: ALL,
    reason: 'PaneGone',
  },
  {
    what: 'the tmux server is told to end',
    destroy: (world) => world.tmux('kill-server'),
    hit: ALL,
    reason: 'PaneGone',
  },
  {
    what: 'the tmux server is killed',
    destroy: async (world) => signalProcess(await serverPid(world), 'SIGKILL'),
    hit: ALL,
    reason: 'PaneGone',
  },
];

describe('what is destroyed comes back', () => {
  for (const { what, destroy, hit, reason } of DESTRUCTIONS) {
    test(`[S46] [S48] ${what}: those hit run again, the others run on`, () =>
      withWorld(async (world) => {
        await startTeam(world);
        const before = teamOf(world);
        await destroy(world);
        await until('they run again', () => {
          const now = teamOf(world);
          return (
            hit.every((agent) => now[agent]?.ready && now[agent].restarts === 1) ||
            Promise.reject(new Error(JSON.stringify(now)))
          );
        });
        await inOrder(world, ALL);
        for (const agent of ALL) {
          if (hit.includes(agent)) {
            expect(teamOf(world)[agent]?.pid).not.toBe(before[agent]?.pid);
            expect(isAlive(before[agent]?.pid)).toBe(false);
            expect(world.agent('web', agent)?.lastExit).toMatchObject({ reason, pid: before[agent]?.pid });
          } else {
            expect(teamOf(world)[agent]).toEqual(before[agent]);
            expect(isAlive(before[agent]?.pid)).toBe(true);
          }
        }
        expect(world.status('web')?.status.phase).toBe('Running');
      }));
  }
});
