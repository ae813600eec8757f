/**
 * Puts the controller together and runs it. Here, and nowhere else, the rooms meet: what one asks of another in its
 * own words is fitted to what the other offers.
 */
import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createFifos } from '../act/fifos.ts';
import { createHands } from '../act/hands.ts';
import { type Key, keyOf, nameOf } from '../api/key.ts';
import { agentUid } from '../api/metadata.ts';
import { systemClock } from '../exec/clock.ts';
import { createMetrics } from '../metrics/metrics.ts';
import { watchDeaths } from '../observe/deaths.ts';
import { createFifoHints } from '../observe/fifo-hints.ts';
import { findObstacles } from '../observe/launch-check.ts';
import { createSecrets } from '../observe/secrets.ts';
import { createWorkQueue } from '../queue/work-queue.ts';
import { decideProject } from '../reconcile/project/decide.ts';
import { gather, lookAtTmux, type ProjectEyes } from '../reconcile/project/gather.ts';
import { createController } from '../runtime/controller.ts';
import { createPlaces } from '../runtime/places.ts';
import { createFreshness } from '../runtime/pool.ts';
import { createProjectWorker, type SeenProject } from '../runtime/project-worker.ts';
import { createServer } from '../server/server.ts';
import { createSpecSource } from '../store/specs/spec-source.ts';
import { createStateStore } from '../store/state/state-store.ts';
import { tmuxEnvironment } from '../tmux/environment.ts';
import type { Reply } from '../tmux/reply.ts';
import { chooseServer } from '../tmux/servers.ts';
import { socketDirectory } from '../tmux/socket.ts';
import { takeLead } from './locks.ts';
import type { Log } from './log.ts';
import { untilConverged } from './once.ts';
import { findTmux } from './preflight.ts';
import { endStaleClients } from './stale-clients.ts';
import { describeStateProblem } from './state-problem-text.ts';
import { liveness, readiness, summaryOf } from './summary.ts';
import { createTmuxWorld } from './tmux-world.ts';

export interface RunSettings {
  /** Absolute. */
  readonly specs: string;
  readonly state: string;
  readonly presets: string;
  readonly socket: string;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Converge, then end. */
  readonly once: boolean;
  /** How long `once` may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly resyncMs: number;
  readonly allowInsecure: boolean;
  readonly version: string;
  /** Told the one line with the address, once everything is ready. */
  readonly announce: (line: string) => void;
}

/** Milliseconds between tries of the same object: the first soon, since most of what is waited for is a process's end. */
const RETRY = { baseMs: 4, capMs: 30_000 } as const;
/** Projects that are worked on at the same time. */
const WORKERS = 12;
/** A look may be so old where nothing has happened since, in milliseconds. */
const STALE_MS = 6000;
const LOCK_CHECK_MS = 1000;
const DRAIN_MS = 4000;

/** Runs until the signal, or with `once` until all is converged; gives the exit code. */
export async function runController(
  settings: RunSettings,
  env: Readonly<Record<string, string | undefined>>,
  log: Log,
  stop: AbortSignal,
): Promise<number> {
  const { now } = systemClock;
  const tmux = await findTmux(env);
  const directory = socketDirectory(env, process.getuid?.() ?? 0);
  const lead = await takeLead({
    stateLock: join(settings.state, 'lock'),
    // Not NAME.lock: tmux itself locks that one while a client starts the server.
    tmuxLock: join(directory, `${settings.socket}.muxlet-lock`),
    stateDir: settings.state,
    tmuxSocket: settings.socket,
    now,
  });
  const ending = new AbortController();
  const signal = AbortSignal.any([stop, ending.signal]);
  let exitCode = 0;
  const metrics = createMetrics({
    version: settings.version,
    node: process.version,
    tmux: tmux.version,
    servers: [settings.socket],
  });
  metrics.leaderHooks.onLeader(true);
  const startedAt = now();
  const fail = (message: string, fields: Record<string, unknown> = {}): void => {
    log.error(message, fields);
    exitCode = 1;
    ending.abort();
  };

  const state = createStateStore({
    dir: settings.state,
    now,
    onWrite: metrics.stateHooks.onWrite,
    onProblem: (problem) => {
      log.warn('state directory', describeStateProblem(problem));
    },
  });
  const freshness = createFreshness(now, STALE_MS);
  const queue = createWorkQueue<Key>({
    clock: systemClock,
    random: Math.random,
    backoff: RETRY,
    hooks: metrics.queueHooks,
  });
  const places = createPlaces();
  const fifoHints = createFifoHints();
  const secrets = createSecrets(env);
  const specs = createSpecSource({
    directory: settings.specs,
    presets: settings.presets,
    state: settings.state,
    clock: systemClock,
    home: homedir(),
    allowInsecure: settings.allowInsecure,
    listener: {
      loaded: ({ duration, problems }) => {
        const bad = problems.some(({ severity }) => severity === 'Error');
        metrics.configHooks.onReload(bad ? 'error' : 'success', duration, now());
      },
    },
  });
  const world = createTmuxWorld({
    socket: settings.socket,
    env,
    features: tmux.features,
    hooks: {
      onNotification: (server, name, rest) => {
        metrics.tmuxHooks.onNotification(name);
        controller.notified(server, name, rest);
      },
      onReply: (server, reply, ms) => {
        metrics.tmuxHooks.onCommand(server, commandResult(reply), ms);
      },
      onLook: metrics.observationHooks.onObserved,
      onState: (server, serverState) => {
        metrics.tmuxHooks.onConnected(server, serverState.type === 'Up');
        if (serverState.type === 'Gone') log.warn('the tmux server is gone', { server });
        if (serverState.type === 'Unreachable') log.warn(serverState.message, { server });
        if (serverState.type === 'Up') log.info('connected to tmux', { server, pid: serverState.pid });
        controller.serverChanged(server);
      },
    },
  });
  const stale = await endStaleClients(world.table, join(directory, settings.socket));
  if (stale.length > 0) log.warn('ended control clients of an earlier controller', { pids: stale });

  const projectEyes: ProjectEyes = {
    tmux: world.eyes.project,
    processes: world.marked.look,
    obstacles: (agents) => findObstacles(agents, env),
    probes: () => [],
    redact: (agent, lines) => secrets.redact(agent?.env ?? [], lines),
  };
  const agentsDirectory = join(settings.state, 'agents');
  const fifos = createFifos(agentsDirectory, tmuxEnvironment(env));
  const listen = (project: string, run: string, fifo: string): void => {
    fifoHints.watch(fifo, run, () => {
      controller.hint(keyOf('Project', project));
    });
  };
  const hands = createHands({
    server: world.servers.get,
    features: tmux.features,
    fifos,
    startTimeOf: world.startTimeOf,
    resolveEnv: secrets.resolve,
    onLaunch: listen,
    now,
  });
  const worker = createProjectWorker({
    specs,
    state,
    hands,
    walk: {
      look: (request, previous) => lookAtTmux(projectEyes, request, previous),
      gather: (input) => gather(projectEyes, input),
      decide: decideProject,
    },
    now,
    newUid: randomUUID,
    placeProject: () => chooseServer(settings.socket, loads()),
    onObserved,
    onAction: (action, ok, ms) => {
      metrics.actionHooks.onAction(action.type, ok ? 'success' : 'error', ms);
    },
    onForgotten: (key, uid, agents) => {
      places.forget(key);
      // An older look would still show what is gone, and a new object of the name would take it for its own.
      freshness.want(key);
      for (const agent of agents) {
        const own = agentUid(uid, agent);
        fifoHints.forget(join(agentsDirectory, own, 'alive'));
        fifos.remove(own);
      }
    },
  });

  function loads(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const key of state.inventoryKeys()) {
      const server = state.inventory(key)?.server ?? settings.socket;
      counts.set(server, (counts.get(server) ?? 0) + 1);
    }
    return counts;
  }

  function onObserved({ key, uid, tmux: seen }: SeenProject): void {
    if (seen.state === 'Unknown') return;
    const { panes } = seen.value;
    places.learn(
      key,
      panes.flatMap(({ server, sessionId, windowId }) => [
        { server, id: sessionId },
        { server, id: windowId },
      ]),
    );
    for (const pane of panes) {
      if (pane.dead || pane.mark?.uid !== uid) continue;
      listen(nameOf(key), pane.mark.run, join(agentsDirectory, agentUid(uid, pane.mark.agent), 'alive'));
    }
  }

  let lockChecked = 0;
  async function mayAct(): Promise<boolean> {
    if (now() - lockChecked < LOCK_CHECK_MS) return true;
    if (await lead.check()) {
      lockChecked = now();
      return true;
    }
    fail('lost the lock to another controller; ending');
    return false;
  }

  const controller = createController({
    clock: systemClock,
    random: Math.random,
    queue,
    freshness,
    specs,
    state,
    worker,
    places,
    everything: world.eyes.everything,
    resyncMs: settings.resyncMs,
    workers: WORKERS,
    mayAct,
    onOutcome: (_key, result, ms) => {
      metrics.reconcileHooks.onReconciled('Project', result, ms);
    },
    onCrash: (key, error) => {
      log.error('reconcile failed', { key, error: error instanceof Error ? error.stack : String(error) });
    },
  });

  await world.servers.discover();
  watchDeaths(
    {
      servers: world.servers.all,
      now,
      after: systemClock.after,
      onDeath: (project) => {
        controller.hint(keyOf('Project', project));
      },
    },
    signal,
  );
  const standing = { queue, state, specs, controller, isLeader: () => exitCode === 0, startedAt, now };
  metrics.collect(() => summaryOf(standing));
  const server = createServer({
    metrics: metrics.render,
    live: () => liveness(standing),
    ready: () => readiness(standing),
  });
  const running = controller.run(signal);
  if (settings.once) {
    if (
      !(await untilConverged({ specs, state, controller, clock: systemClock, timeoutMs: settings.timeoutMs }, signal))
    )
      exitCode = 1;
    ending.abort();
  } else {
    const { address, port } = await server.listen(settings.host, settings.port);
    const place = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
    lead.announce(place);
    state.putAddress(place);
    settings.announce(`muxlet is ready at http://${place}`);
    await waitFor(signal);
    state.putAddress(undefined);
  }
  await atMost(DRAIN_MS, running);
  await server.close();
  fifoHints.close();
  await world.servers.close();
  lead.release();
  return exitCode;
}

function commandResult({ type }: Reply): 'success' | 'error' | 'timeout' {
  if (type === 'Unresponsive') return 'timeout';
  return type === 'Done' ? 'success' : 'error';
}

/** Waits for something, but not for ever. */
async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const cancel = systemClock.after(ms, resolve);
    work
      .then(() => {
        resolve();
      }, reject)
      .finally(cancel)
      .catch(() => undefined);
  });
}

function waitFor(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
}
