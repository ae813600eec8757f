import { join } from 'node:path';
import { createTmuxServer, type ServerOptions, type ServerState, type TmuxServer } from './server.ts';
import { shardNames } from './socket.ts';

/** The servers NAME, NAME.1, NAME.2 …: each holds a bounded number of sessions, since every wake-up costs O(panes). */
export interface TmuxServers {
  /** All that are known, the first one first. */
  all(): readonly TmuxServer[];
  /** The server of that name; made known if it was not. One that is none of these does not answer. */
  get(name: string): TmuxServer;
  /** Finds the servers whose sockets are there, and connects to those that run. */
  discover(): Promise<void>;
  close(): Promise<void>;
}

export function createTmuxServers(name: string, options: Omit<ServerOptions, 'name'>): TmuxServers {
  const known = new Map<string, TmuxServer>();

  function get(wanted: string): TmuxServer {
    if (!isServerOf(name, wanted)) return strangeServer(wanted, options.socketDirectory);
    const server = known.get(wanted) ?? createTmuxServer({ ...options, name: wanted });
    known.set(wanted, server);
    return server;
  }

  return {
    all: () => [...known.values()],
    get,
    async discover() {
      const found = shardNames(options.socketDirectory, name).map(get);
      await Promise.all(found.map((server) => server.connect()));
    },
    async close() {
      await Promise.all([...known.values()].map((server) => server.close()));
    },
  };
}

/**
 * Whether a server is one of those. A record may name another: it was copied from a controller that has another server,
 * and holds the lock on it.
 */
export function isServerOf(name: string, server: string): boolean {
  return server === name || (server.startsWith(`${name}.`) && /^[1-9]\d*$/.test(server.slice(name.length + 1)));
}

/** A server that is not ours to talk to. */
function strangeServer(name: string, directory: string): TmuxServer {
  const error = `tmux server ${name} is not one of this controller's`;
  const state: ServerState = { type: 'Unreachable', message: error };
  return {
    name,
    socketPath: join(directory, name),
    state: () => state,
    clientPid: () => undefined,
    connect: async () => state,
    ensureUp: async () => state,
    request: async () => ({ type: 'Unreachable', error }),
    close: async () => undefined,
  };
}

/** Sessions that a server takes before the next one is begun (measured: costs grow faster than linearly beyond). */
const SESSIONS_PER_SERVER = 250;
/** Where one server does not do, they are spread so thinly: see docs/decisions/0029-many-small-servers.md. */
const SESSIONS_SPREAD = 50;

export interface Placement {
  /** Other projects on each server. */
  readonly load: ReadonlyMap<string, number>;
  /** Projects on all of them, and those that are about to be, this one among them. */
  readonly wanted: number;
  /** Where the project is on record: it stays there if it can. */
  readonly recorded?: string | undefined;
}

/**
 * The server for a project. Where more are wanted than one server holds, several fill evenly and side by side: each is
 * deaf while it starts a pane, and slower the fuller it is.
 */
export function chooseServer(name: string, { load, wanted, recorded }: Placement): string {
  const needed = wanted <= SESSIONS_PER_SERVER ? 1 : Math.ceil(wanted / SESSIONS_SPREAD);
  for (let many = needed; ; many += 1) {
    const candidates = Array.from({ length: many }, (_, number) => (number === 0 ? name : `${name}.${number}`));
    const loads = candidates.map((candidate) => load.get(candidate) ?? 0);
    const known = candidates.indexOf(recorded ?? '');
    if (known !== -1 && (loads[known] ?? 0) < SESSIONS_PER_SERVER) return candidates[known] ?? name;
    const least = Math.min(...loads);
    if (least < SESSIONS_PER_SERVER) return candidates[loads.indexOf(least)] ?? name;
  }
}
