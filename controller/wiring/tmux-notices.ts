import type { EventNote } from '../api/decision.ts';
import type { ServerState } from '../tmux/server.ts';
import type { Log } from './log.ts';

export interface TmuxNotices {
  changed(server: string, state: ServerState): void;
  started(server: string): void;
}

/** What is worth telling of the tmux servers, in the log and as events; a server is the process, not its name. */
export function createTmuxNotices(log: Log, record: (server: string, note: EventNote) => void): TmuxNotices {
  const pids = new Map<string, number>();

  function lost(server: string): void {
    const pid = pids.get(server);
    if (!pids.delete(server)) return;
    log.warn('the tmux server is gone', { server, pid });
    const message = `tmux server ${server} (process ${pid}) is gone, and all its sessions with it`;
    record(server, { type: 'Warning', reason: 'TmuxServerLost', message });
  }

  return {
    changed(server, state) {
      switch (state.type) {
        case 'Up':
          if (pids.get(server) !== state.pid) lost(server);
          pids.set(server, state.pid);
          log.info('connected to tmux', { server, pid: state.pid });
          return;
        case 'Gone':
          lost(server);
          return;
        case 'Unreachable':
          log.warn(state.message, { server });
          return;
        case 'Connecting':
          return;
      }
    },
    started(server) {
      record(server, { type: 'Normal', reason: 'TmuxServerStarted', message: `tmux server ${server} was started` });
    },
  };
}
