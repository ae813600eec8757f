import type { PaneMark } from '../api/observed.ts';
import type { systemClock } from '../exec/clock.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { createDeathWatch } from '../observe/deaths.ts';
import type { Heard } from '../observe/terminal-hints.ts';
import type { Controller } from '../runtime/controller.ts';
import type { StateStore } from '../runtime/ports.ts';
import type { Reply } from '../tmux/reply.ts';
import type { TmuxFeatures } from '../tmux/version.ts';
import type { Log } from './log.ts';
import { createTmuxNotices } from './tmux-notices.ts';
import { createTmuxWorld } from './tmux-world.ts';

export interface TmuxSideOptions {
  /** Name of the first server's socket. */
  readonly socket: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly features: TmuxFeatures;
  readonly clock: typeof systemClock;
  readonly metrics: Pick<Metrics, 'tmuxHooks' | 'observationHooks'>;
  readonly log: Log;
  readonly state: Pick<StateStore, 'recordEvent'>;
  readonly hintProject: (project: string) => void;
  /** Whether the system tells of the ends of agents. */
  readonly areEndsTold: () => boolean;
  /** What it has told of this run. */
  readonly heardOf: (run: string) => Heard | undefined;
  /** An agent's process has ended, and tmux is being asked for the rest. */
  readonly onEnded: (mark: PaneMark) => void;
  readonly notified: (server: string, name: string, rest: string) => void;
  readonly serverChanged: Controller['serverChanged'];
}

/** The tmux servers, and who is told of what happens there: the log, the metrics, and the projects that it concerns. */
export function createTmuxSide(options: TmuxSideOptions) {
  const { env, features, clock, metrics, log, hintProject } = options;
  const notices = createTmuxNotices(log, (server, note) => {
    options.state.recordEvent({ kind: 'TmuxServer', name: server }, note);
  });
  const world = createTmuxWorld({
    socket: options.socket,
    env,
    features,
    hooks: {
      onNotification: (server, name, rest) => {
        metrics.tmuxHooks.onNotification(name);
        options.notified(server, name, rest);
      },
      onReply: (server, reply, ms) => {
        metrics.tmuxHooks.onCommand(server, commandResult(reply), ms);
      },
      onSuspect: hintProject,
      onEnded: options.onEnded,
      heardOf: options.heardOf,
      onLook: metrics.observationHooks.onObserved,
      onState: (server, serverState, before) => {
        metrics.tmuxHooks.onConnected(server, serverState.type === 'Up');
        notices.changed(server, serverState);
        options.serverChanged(server, { isNew: serverState.type === 'Up' && before.type === 'Gone' });
      },
      onStart: (server) => {
        metrics.tmuxHooks.onServerStart(server);
        notices.started(server);
      },
    },
  });
  const deaths = createDeathWatch({
    servers: world.servers.all,
    now: clock.steady,
    after: clock.after,
    isTold: options.areEndsTold,
    onDeath: hintProject,
  });

  return { world, deaths };
}

function commandResult({ type }: Reply): 'success' | 'error' | 'timeout' {
  if (type === 'Unresponsive') return 'timeout';
  return type === 'Done' ? 'success' : 'error';
}
