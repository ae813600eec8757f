import { join } from 'node:path';
import { systemClock } from '../exec/clock.ts';
import { runCommand } from '../exec/run-command.ts';
import { linuxProcessTable } from '../observe/linux-process-table.ts';
import { createMarkedProcessEyes } from '../observe/marked-processes.ts';
import { createPaneProcesses } from '../observe/pane-processes.ts';
import { createPsProcessTable } from '../observe/ps-process-table.ts';
import { createTmuxEyes } from '../observe/tmux-eyes.ts';
import { tmuxEnvironment } from '../tmux/environment.ts';
import type { Reply, TmuxChannel } from '../tmux/reply.ts';
import { probeSocket, shardNames, socketDirectory } from '../tmux/socket.ts';

const TIMEOUT_MS = 10_000;

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Eyes for verbs: one forked client a question, no lasting connection, and never a server started. A tmux command line
 * is given to the client as its standard input's script would be: through source-file, so that it is read by the same
 * rules as on a control connection.
 */
export function createReadOnlyTmux(socket: string, env: Env) {
  const { now } = systemClock;
  const directory = socketDirectory(env, process.getuid?.() ?? 0);
  const table = process.platform === 'linux' ? linuxProcessTable : createPsProcessTable(now);
  const servers = shardNames(directory, socket).map((name) => ({
    name,
    ...forkedChannel(name, join(directory, name), tmuxEnvironment(env)),
  }));
  return {
    servers,
    directory,
    table,
    eyes: createTmuxEyes({
      servers: () => servers,
      processes: createPaneProcesses(table, now),
      now,
      onLook: () => undefined,
    }),
    processEyes: (spared: ReadonlySet<number>) => createMarkedProcessEyes(table, now, () => spared),
    processesBut: (spared: ReadonlySet<number>) =>
      createMarkedProcessEyes(table, now, () => new Set([process.pid, ...spared])).look,
  };
}

export type ReadOnlyTmux = ReturnType<typeof createReadOnlyTmux>;

/** One client for each line. */
function forkedChannel(name: string, socketPath: string, env: Env): TmuxChannel {
  return {
    async request(line, timeoutMs = TIMEOUT_MS): Promise<Reply> {
      const socket = await probeSocket(socketPath);
      if (socket.type === 'Gone') return { type: 'Gone', error: `no tmux server runs at ${socketPath}` };
      if (socket.type === 'Unreachable') return { type: 'Unreachable', error: `${socketPath}: ${socket.code}` };
      // -u: see the control connection.
      const args = ['-u', '-L', name, '-f', '/dev/null', 'source-file', '-'];
      const result = await runCommand('tmux', args, { timeoutMs, env, input: `${line}\n` });
      if (result.timedOut) return { type: 'Unresponsive', error: `tmux did not answer within ${timeoutMs} ms` };
      const lines = result.stdout === '' ? [] : result.stdout.split('\n');
      return result.ok ? { type: 'Done', lines } : { type: 'Refused', error: result.stderr, lines };
    },
  };
}
