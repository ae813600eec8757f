import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { createHands } from '../act/hands.ts';
import { NOT_QUEUED } from '../api/admission.ts';
import type { StopPolicy } from '../api/desired.ts';
import { MuxletError } from '../api/errors.ts';
import { FINISHER } from '../api/finishing.ts';
import { NOTHING_OF_HEALTH } from '../api/health.ts';
import { keyOf } from '../api/key.ts';
import type { OwnedSession, Places, TeardownPort } from '../cli/ports.ts';
import { systemClock } from '../exec/clock.ts';
import { decideProject } from '../reconcile/project/decide.ts';
import { gather, lookAtTmux, type ProjectEyes } from '../reconcile/project/gather.ts';
import { createProjectWorker } from '../runtime/project-worker.ts';
import { readState } from '../store/state/read-state.ts';
import { MARKS } from '../tmux/marks.ts';
import { quote } from '../tmux/quote.ts';
import type { TmuxServer } from '../tmux/server.ts';
import { ANCHOR } from '../tmux/server-options.ts';
import { memoryState, unrecorded } from './memory-state.ts';
import { findTmux } from './preflight.ts';
import { createReadOnlyTmux, type ReadOnlyTmux } from './read-only-tmux.ts';
import { controllerPid, serverPids } from './spared.ts';
import { homeMark, withoutCopies } from './world.ts';

type Env = Readonly<Record<string, string | undefined>>;

const DEADLINE_MS = 60_000;
const PAUSE_MS = 50;
const VERIFIER_STOP: StopPolicy = { graceMs: 2000 };
const LIST = `list-sessions -F ${quote(`#{session_id}\t#{${MARKS.session}}\t#{session_name}`)}`;

/** Ends sessions the way the controller would if their specs were gone; the state is read and left as it is. */
export function createTeardown(env: Env): TeardownPort {
  /** By socket. A verb ends hundreds of sessions side by side, and each question is a process a server. */
  const servers = new Map<string, Promise<ReadonlySet<number>>>();

  function serversOf(socket: string, tmux: ReadOnlyTmux): Promise<ReadonlySet<number>> {
    const asked = servers.get(socket) ?? serverPids(tmux);
    servers.set(socket, asked);
    return asked;
  }

  return {
    async sessions({ socket, state }) {
      const found: OwnedSession[] = [];
      const isOthers = othersThan(state);
      for (const server of createReadOnlyTmux(socket, env).servers) {
        const reply = await server.request(LIST);
        if (reply.type === 'Gone') continue;
        if (reply.type !== 'Done') {
          throw new MuxletError('MUX_TMUX_UNREACHABLE', `tmux server ${server.name}: ${reply.error}`, {
            hint: "nothing was ended on it; 'muxlet doctor' says more",
          });
        }
        for (const line of reply.lines) {
          const [id = '', mark = '', name = ''] = line.split('\t');
          const [owner, uid = '', project = '', home] = mark.split(' ');
          if (owner !== id || project === '') continue;
          const session = { server: server.name, id, name, project, uid };
          found.push(isOthers(uid, home) ? { ...session, foreign: true } : session);
        }
      }
      return found;
    },
    async end(places, session) {
      const tmux = createReadOnlyTmux(places.socket, env);
      return endSession(places, session, { tmux, servers: await serversOf(places.socket, tmux), env });
    },
    endEmptyServers: ({ socket }) => endEmptyServers(createReadOnlyTmux(socket, env)),
  };
}

/** Whether another controller made a session, by the controller in its mark; what is on our record is ours. */
function othersThan(state: string): (uid: string, home: string | undefined) => boolean {
  const reader = readState(state);
  const objects = [...reader.objects().values()].map(({ metadata }) => metadata.uid);
  const known = new Set([...objects, ...[...reader.inventory().values()].map(({ uid }) => uid)]);
  const own = homeMark(state);
  return (uid, home) => home !== undefined && home !== own && !known.has(uid);
}

interface Surroundings {
  readonly tmux: ReadOnlyTmux;
  /** The process ids of the tmux servers. */
  readonly servers: ReadonlySet<number>;
  readonly env: Env;
}

async function endSession(places: Places, session: OwnedSession, around: Surroundings) {
  const work = await createEnder(places, session, around);
  const until = systemClock.now() + DEADLINE_MS;
  while (!(await work())) {
    if (systemClock.now() > until) return { ok: false, error: `it did not end in ${DEADLINE_MS / 1000} s` };
    await setTimeout(PAUSE_MS);
  }
  return { ok: true };
}

/** @returns one round of work; true once nothing of the project is left. */
async function createEnder(places: Places, session: OwnedSession, { tmux, servers, env }: Surroundings) {
  const key = keyOf('Project', session.project);
  const reader = readState(places.state);
  const stored = reader.object(key);
  const known = stored?.metadata.uid === session.uid ? stored : undefined;
  const object = known ?? unrecorded(session.project, session.uid, systemClock.now());
  // What stands in state/ is left as it is.
  const entry = reader.inventory().get(key);
  // Another object of that name may be on record, on another server.
  const recorded = entry?.uid === session.uid ? entry.agents : {};
  // A verification that a killed controller left is ended like an agent: it bears the project's mark as well.
  const agents = { ...recorded, [FINISHER]: VERIFIER_STOP };
  const inventory = { uid: session.uid, server: session.server, agents };
  const state = memoryState(key, { object, inventory });
  const spared = new Set([...controllerPid(places), ...servers]);
  const { features } = await findTmux(env);
  const eyes: ProjectEyes = {
    tmux: tmux.eyes.project,
    output: tmux.eyes.output,
    processes: withoutCopies(tmux.processesBut(spared), places),
    obstacles: async () => [],
    probes: () => [],
    readings: () => [],
    health: () => NOTHING_OF_HEALTH,
    reports: () => new Map(),
    words: () => [],
    redact: async (_agent, lines) => lines,
  };
  let forgotten = false;
  const worker = createProjectWorker({
    specs: { desiredProject: () => ({ type: 'Absent', confirmed: true }) },
    state,
    hands: createHands({
      server: (name) => asServer(tmux, name),
      features,
      fifos: { of: async () => '', remove: () => undefined },
      startTimeOf: (pid) => {
        const stat = tmux.table.stat(pid);
        return typeof stat === 'string' ? undefined : stat.startTime;
      },
      // What is being ended is not started.
      launches: { prepare: async ({ agent: { argv } }) => ({ argv, variables: {}, isSure: false }) },
      onLaunch: () => undefined,
      now: systemClock.now,
    }),
    walk: {
      look: (request, previous) => lookAtTmux(eyes, request, previous),
      gather: (input) => gather(eyes, input),
      decide: decideProject,
    },
    now: systemClock.now,
    steady: systemClock.steady,
    newUid: randomUUID,
    placeProject: () => session.server,
    admission: () => NOT_QUEUED,
    overlay: () => ({}),
    onObserved: () => undefined,
    onAction: () => undefined,
    say: () => undefined,
    onForgotten: () => {
      forgotten = true;
    },
    onExpired: () => undefined,
  });
  return async () => {
    await worker.work(key, systemClock.now());
    return forgotten;
  };
}

function asServer(tmux: ReadOnlyTmux, name: string): Pick<TmuxServer, 'request' | 'state' | 'ensureUp'> {
  const server = tmux.servers.find((candidate) => candidate.name === name);
  return {
    request: (line, timeoutMs) =>
      server?.request(line, timeoutMs) ?? Promise.resolve({ type: 'Gone', error: `no tmux server ${name}` }),
    state: () => ({ type: 'Gone' }),
    ensureUp: async () => ({ type: 'Gone' }),
  };
}

/** A server on which nothing but our anchor is left has no further use. One without it is not ours to end. */
async function endEmptyServers({ servers }: ReadOnlyTmux): Promise<readonly string[]> {
  const ended: string[] = [];
  for (const server of servers) {
    const reply = await server.request(`list-sessions -F ${quote('#{session_name}')}`);
    if (reply.type !== 'Done' || reply.lines.length !== 1 || reply.lines[0] !== ANCHOR) continue;
    await server.request('kill-server');
    ended.push(server.name);
  }
  return ended;
}
