/**
 * One tmux server: found, started, spoken to over one persistent control connection that eyes and hands share, and
 * reconnected. This room knows tmux's language and manners, and nothing of projects or agents.
 */
import { join } from 'node:path';
import { type Companion, keepRunning } from '../exec/keep-running.ts';
import { supervise } from '../exec/supervise.ts';
import { type ControlConnection, openControlConnection } from './control-connection.ts';
import { CLIENT_MARK, tmuxEnvironment } from './environment.ts';
import type { Reply, TmuxChannel } from './reply.ts';
import { ANCHOR, anchorCommands, FACTS_LINE, safetyOptions } from './server-options.ts';
import { probeSocket, type SocketState } from './socket.ts';
import { runCommands, startServer } from './start-server.ts';
import type { TmuxFeatures } from './version.ts';

/** What is known of the server. Only `Gone` means that its sessions are gone. */
export type ServerState =
  | { readonly type: 'Connecting' }
  | { readonly type: 'Up'; readonly pid: number; readonly baseIndex: number }
  | { readonly type: 'Gone' }
  | { readonly type: 'Unreachable'; readonly message: string };

export interface ServerOptions {
  readonly name: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly socketDirectory: string;
  readonly features: TmuxFeatures;
  readonly now: () => number;
  readonly after: (ms: number, callback: () => void) => () => void;
  readonly onNotification: (server: string, name: string, rest: string) => void;
  readonly onReply: (server: string, reply: Reply, ms: number) => void;
  readonly onState: (server: string, state: ServerState, before: ServerState) => void;
  /** Told when we have started the server. */
  readonly onStart?: (server: string) => void;
  /** The process of that id, as it is now. */
  readonly processOf: (pid: number) => ServerProcess;
  /** Whether the server that was last seen still lives, by its process; see `Unreachable`. */
  readonly processAlive: (process: ServerProcess) => boolean;
  /** The process of a server of that name whose socket cannot be seen. */
  readonly findProcess: (name: string) => Promise<ServerProcess | undefined>;
  /** Has a server make its socket anew (SIGUSR1; tmux(1), -L). */
  readonly reviveSocket: (process: ServerProcess) => void;
}

export interface ServerProcess {
  readonly pid: number;
  /** Tells it from a later process of the same id; undefined where it could not be read. */
  readonly startTime: string | undefined;
}

export interface TmuxServer extends TmuxChannel {
  readonly name: string;
  readonly socketPath: string;
  state(): ServerState;
  clientPid(): number | undefined;
  /** Connects if a server runs at the socket; says what was found. */
  connect(): Promise<ServerState>;
  /** Connects, and starts the server first if there is none. Held back after repeated deaths of the server. */
  ensureUp(): Promise<ServerState>;
  close(): Promise<void>;
}

/** A control client that has answered nothing for so long is given up. */
const HUNG_MS = 10_000;
const CLOSE_MS = 500;
const RECONNECT_MS = { first: 20, cap: 5000 } as const;
/** A server that dies sooner after its start makes the next start wait. */
const SHORT_LIFE_MS = 10_000;
const START_PAUSE_MS = { first: 1000, cap: 60_000 } as const;

export function createTmuxServer(options: ServerOptions): TmuxServer {
  const { name, features, now, after } = options;
  const socketPath = join(options.socketDirectory, name);
  const env = tmuxEnvironment(options.env);
  let state: ServerState = { type: 'Connecting' };
  let connection: ControlConnection | undefined;
  /** The client that was started last, whether tmux has taken it in or not. */
  let current: { readonly client: Companion; readonly opened: ControlConnection } | undefined;
  let connecting: Promise<ServerState> | undefined;
  let starting: Promise<ServerState> | undefined;
  let closed = false;
  let cancelReconnect: () => void = () => undefined;
  let reconnects = 0;
  let last: ServerProcess | undefined;
  /** The server that was asked to make its socket anew; once is enough. */
  let revived: ServerProcess | undefined;
  let startedAt = 0;
  let shortLives = 0;

  function become(next: ServerState): ServerState {
    const before = state;
    state = next;
    if (next.type !== before.type) options.onState(name, next, before);
    return next;
  }

  function connect(): Promise<ServerState> {
    if (connection !== undefined || closed) return Promise.resolve(state);
    connecting ??= tryConnect().finally(() => {
      connecting = undefined;
    });
    return connecting;
  }

  async function tryConnect(): Promise<ServerState> {
    const socket = await probeSocket(socketPath);
    if (socket.type !== 'Alive') return become(await absent(socket));
    if (closed) return state;
    return (await attach()) ?? (closed ? state : await attachWithAnchor());
  }

  /** The socket being gone is only the server's end if its process is gone as well. */
  async function absent(socket: Exclude<SocketState, { type: 'Alive' }>): Promise<ServerState> {
    if (socket.type === 'Unreachable') {
      retryConnect();
      return { type: 'Unreachable', message: `the socket ${socketPath} cannot be used (${socket.code})` };
    }
    // The one that was seen has ended: no other needs to be searched for among all processes, while agents are down.
    if (last !== undefined && !options.processAlive(last)) return { type: 'Gone' };
    const found = last ?? (await options.findProcess(name));
    if (found === undefined) return { type: 'Gone' };
    if (found.pid !== revived?.pid || found.startTime !== revived.startTime) options.reviveSocket(found);
    revived = found;
    retryConnect();
    return {
      type: 'Unreachable',
      message: `tmux server ${found.pid} runs, but its socket ${socketPath} is out of sight`,
    };
  }

  async function attachWithAnchor(): Promise<ServerState> {
    // An adopted server has no anchor yet; on ours it may have been removed.
    await runCommands(name, options.env, [...safetyOptions, ...anchorCommands()]);
    const attached = await attach();
    if (attached !== undefined) return attached;
    retryConnect();
    return become({ type: 'Unreachable', message: `the tmux server at ${socketPath} lets no client attach` });
  }

  async function attach(): Promise<ServerState | undefined> {
    const flags = features.clientFlags ? ['-f', 'no-output,ignore-size'] : [];
    // -u: for a client whose locale is not UTF-8, tmux replaces tabs and all that is not ASCII in its answers.
    const args = ['-u', '-L', name, '-f', '/dev/null', '-C', 'attach-session', '-t', `=${ANCHOR}`, ...flags];
    const client = keepRunning('tmux', args, { ...env, [CLIENT_MARK]: socketPath });
    let answeredAt = now();
    const opened = openControlConnection(client, {
      now,
      after,
      onNotification: (kind, rest) => {
        options.onNotification(name, kind, rest);
      },
      onReply: (reply, ms) => {
        // A client that was stopped neither answers nor ends, whatever becomes of its server: another takes its place.
        if (reply.type !== 'Unresponsive') answeredAt = now();
        else if (now() - answeredAt >= HUNG_MS) client.kill('SIGKILL');
        options.onReply(name, reply, ms);
      },
    });
    current = { client, opened };
    if ((await opened.opened) === 'Ended' || closed) return undefined;
    const facts = await opened.request([...safetyOptions.map((option) => option.join(' ')), FACTS_LINE].join(' ; '));
    const [pid = Number.NaN, , baseIndex = 0] =
      facts.type === 'Done' ? (facts.lines.at(-1) ?? '').split(' ').map(Number) : [];
    if (!Number.isSafeInteger(pid)) {
      endClient(client, opened);
      return undefined;
    }
    connection = opened;
    last = options.processOf(pid);
    reconnects = 0;
    supervise(opened.ended.then(() => onDisconnect(opened)));
    return become({ type: 'Up', pid, baseIndex });
  }

  function endClient(client: Companion, opened: ControlConnection): void {
    opened.close();
    client.kill('SIGTERM');
  }

  async function onDisconnect(ended: ControlConnection): Promise<void> {
    if (connection !== ended) return;
    connection = undefined;
    if (closed) return;
    // 'Connecting' says: not known. Whether the server is gone is for the next look at its socket to say.
    state = { type: 'Connecting' };
    const found = await connect();
    if (found.type === 'Gone') shortLives = now() - startedAt < SHORT_LIFE_MS ? shortLives + 1 : 0;
  }

  function retryConnect(): void {
    if (closed) return;
    const pause = Math.min(RECONNECT_MS.first * 2 ** reconnects, RECONNECT_MS.cap);
    reconnects += 1;
    cancelReconnect();
    cancelReconnect = after(pause, () => {
      supervise(connect());
    });
  }

  function ensureUp(): Promise<ServerState> {
    starting ??= connectOrStart().finally(() => {
      starting = undefined;
    });
    return starting;
  }

  async function connectOrStart(): Promise<ServerState> {
    const found = await connect();
    if (found.type !== 'Gone' || closed) return found;
    const pause = shortLives === 0 ? 0 : Math.min(START_PAUSE_MS.first * 2 ** (shortLives - 1), START_PAUSE_MS.cap);
    const wait = startedAt + pause - now();
    if (wait > 0) {
      const message = `the tmux server died young; it is started again after a pause of ${pause / 1000} s`;
      return { type: 'Unreachable', message };
    }
    startedAt = now();
    last = undefined;
    const failure = await startServer(name, options.env);
    // Said to who wanted it started, who tries again. There is none as before: who looks is to see that nothing runs.
    if (failure !== undefined) return { type: 'Unreachable', message: failure };
    options.onStart?.(name);
    const started = await connect();
    // It was gone again before anybody was connected to tell of its end.
    if (started.type !== 'Up') shortLives += 1;
    return started;
  }

  return {
    name,
    socketPath,
    state: () => state,
    clientPid: () => connection?.pid,
    connect,
    ensureUp,
    request(line, timeoutMs) {
      if (connection !== undefined) return connection.request(line, timeoutMs);
      if (state.type === 'Gone')
        return Promise.resolve({ type: 'Gone', error: `no tmux server runs at ${socketPath}` });
      const error = state.type === 'Unreachable' ? state.message : `connecting to ${socketPath}`;
      return Promise.resolve({ type: 'Unreachable', error });
    },
    async close() {
      closed = true;
      cancelReconnect();
      if (current === undefined) return;
      const { client, opened } = current;
      opened.close();
      // A server that hangs answers no farewell, and its client waits for one.
      await new Promise<void>((resolve) => {
        const cancel = after(CLOSE_MS, () => {
          client.drop();
          resolve();
        });
        supervise(
          opened.ended.then(() => {
            cancel();
            resolve();
          }),
        );
      });
    },
  };
}
