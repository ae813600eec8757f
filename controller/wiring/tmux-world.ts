import { signalProcesses } from '../act/signals.ts';
import type { PaneMark, ProcessRef } from '../api/observed.ts';
import { systemClock } from '../exec/clock.ts';
import { linuxProcessTable } from '../observe/linux-process-table.ts';
import { createMarkedProcessEyes } from '../observe/marked-processes.ts';
import { createPaneProcesses } from '../observe/pane-processes.ts';
import type { ProcessTable } from '../observe/process-table.ts';
import { createPsProcessTable } from '../observe/ps-process-table.ts';
import { createServerFinder, isServerAlive } from '../observe/server-process.ts';
import type { Heard } from '../observe/terminal-hints.ts';
import { createTmuxEyes } from '../observe/tmux-eyes.ts';
import type { Reply } from '../tmux/reply.ts';
import type { ServerState } from '../tmux/server.ts';
import { createTmuxServers } from '../tmux/servers.ts';
import { socketDirectory } from '../tmux/socket.ts';
import type { TmuxFeatures } from '../tmux/version.ts';

export interface TmuxWorldHooks {
  readonly onNotification: (server: string, name: string, rest: string) => void;
  readonly onReply: (server: string, reply: Reply, ms: number) => void;
  readonly onState: (server: string, state: ServerState, before: ServerState) => void;
  readonly onStart: (server: string) => void;
  /** A process in a marked pane of the project may not be ours: it is to be looked at again. */
  readonly onSuspect: (project: string) => void;
  readonly onLook: (scope: 'full' | 'project', ms: number) => void;
  readonly onEnded?: (mark: PaneMark) => void;
  readonly heardOf?: (run: string) => Heard | undefined;
}

export interface TmuxWorldOptions {
  readonly socket: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly features: TmuxFeatures;
  readonly hooks: TmuxWorldHooks;
}

export type TmuxWorld = ReturnType<typeof createTmuxWorld>;

/** The tmux servers and everything that looks at them and at processes: what the controller and `plan` share. */
export function createTmuxWorld({ socket, env, features, hooks }: TmuxWorldOptions) {
  const { now, after, steady } = systemClock;
  const table: ProcessTable = process.platform === 'linux' ? linuxProcessTable : createPsProcessTable(now);
  const startTimeOf = (pid: number): string | undefined => {
    const stat = table.stat(pid);
    return typeof stat === 'string' ? undefined : stat.startTime;
  };
  const lives = ({ pid, startTime }: ProcessRef): boolean => {
    const stat = table.stat(pid);
    return typeof stat !== 'string' && stat.startTime === startTime && !stat.zombie && stat.exiting !== true;
  };
  const directory = socketDirectory(env, process.getuid?.() ?? 0);
  const servers = createTmuxServers(socket, {
    env,
    features,
    now,
    after,
    socketDirectory: directory,
    ...hooks,
    onState: (name, state, before) => {
      if (state.type === 'Gone') eyes.lost(name);
      hooks.onState(name, state, before);
    },
    findProcess: createServerFinder(table, env),
    processOf: (pid) => ({ pid, startTime: startTimeOf(pid) }),
    processAlive: (server) => isServerAlive(table, server),
    reviveSocket: ({ pid, startTime }) => {
      if (startTime !== undefined) signalProcesses([{ pid, startTime }], 'SIGUSR1', startTimeOf);
    },
  });
  const spared = (): ReadonlySet<number> => {
    const own = servers.all().flatMap((server) => {
      const state = server.state();
      return [server.clientPid() ?? 0, state.type === 'Up' ? state.pid : 0];
    });
    return new Set([process.pid, process.ppid, ...own]);
  };
  const eyes = createTmuxEyes({
    servers: servers.all,
    processes: createPaneProcesses(table, steady, ({ mark }, inMs) => {
      if (mark === undefined) return;
      after(inMs, () => {
        hooks.onSuspect(mark.project);
      });
    }),
    now: steady,
    onLook: hooks.onLook,
    ...(hooks.onEnded !== undefined && { onEnded: hooks.onEnded }),
    ...(hooks.heardOf !== undefined && { heardOf: hooks.heardOf }),
  });
  return {
    servers,
    directory,
    table,
    startTimeOf,
    lives,
    eyes,
    marked: createMarkedProcessEyes(table, steady, spared),
  };
}
