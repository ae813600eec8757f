/**
 * Puts the controller together and runs it. Here, and nowhere else, the rooms meet: what one asks of another in its
 * own words is fitted to what the other offers.
 */
import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createFifos } from '../act/fifos.ts';
import { createHands } from '../act/hands.ts';
import { type Key, keyOf, kindOf, nameOf } from '../api/key.ts';
import { agentUid } from '../api/metadata.ts';
import { systemClock } from '../exec/clock.ts';
import { createMetrics } from '../metrics/metrics.ts';
import { watchDeaths } from '../observe/deaths.ts';
import { createFifoHints } from '../observe/fifo-hints.ts';
import { findObstacles } from '../observe/launch-check.ts';
import { capturePaneOutput } from '../observe/pane-output.ts';
import { createSecrets } from '../observe/secrets.ts';
import { createWorkQueue } from '../queue/work-queue.ts';
import { decideProject } from '../reconcile/project/decide.ts';
import { gather, lookAtTmux, type ProjectEyes } from '../reconcile/project/gather.ts';
import { createController } from '../runtime/controller.ts';
import { createOutputKeeper } from '../runtime/output/output-keeper.ts';
import { createPlaces } from '../runtime/places.ts';
import { createFreshness } from '../runtime/pool.ts';
import { createProber } from '../runtime/probes/prober.ts';
import { createProjectWorker, type SeenProject } from '../runtime/project-worker.ts';
import { createServer } from '../server/server.ts';
import { createSpecSource } from '../store/specs/spec-source.ts';
import { createOutputLog } from '../store/state/output-log.ts';
import { createStateStore } from '../store/state/state-store.ts';
import { tmuxEnvironment } from '../tmux/environment.ts';
import type { Reply } from '../tmux/reply.ts';
import { chooseServer } from '../tmux/servers.ts';
import { socketDirectory } from '../tmux/socket.ts';
import { savingHands, variablesOf } from './agent-output.ts';
import { takeLead } from './locks.ts';
import type { Log } from './log.ts';
import { untilConverged } from './once.ts';
import { findTmux } from './preflight.ts';
import { createProbeRunner } from './probes.ts';
import { createReplacements } from './replacements.ts';
import { endStaleClients } from './stale-clients.ts';
import { createStateProblems } from './state-problems.ts';
import { liveness, readiness, summaryOf } from './summary.ts';
import { createProblemTeller, tellEvents } from './tell.ts';
import { createTmuxNotices } from './tmux-notices.ts';
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
  /** Told where the controller listens and which projects there are, once the specs are loaded. */
  readonly announce: (address: string, projects: readonly string[]) => void;
}

/** Milliseconds between tries of the same object: the first soon, since most of what is waited for is a process's end. */
const RETRY = { baseMs: 1, capMs: 30_000 } as const;
/** Projects that are worked on at the same time. */
const WORKERS = 12;
/** A look may be so old where nothing has happened since, in milliseconds. */
const STALE_MS = 6000;
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

  const stateProblems = createStateProblems({ log, onProblem: metrics.stateHooks.onProblem });
  const state = createStateStore({
    dir: settings.state,
    now,
    onWrite: metrics.stateHooks.onWrite,
    onProblem: stateProblems.take,
  });
  stateProblems.recordWith((note) => {
    state.recordEvent({ kind: 'Controller', name: 'muxlet' }, note);
  });
  const freshness = createFreshness(systemClock.steady, STALE_MS);
  const queue = createWorkQueue<Key>({
    clock: systemClock,
    random: Math.random,
    backoff: RETRY,
    hooks: metrics.queueHooks,
  });
  const places = createPlaces();
  const fifoHints = createFifoHints();
  const secrets = createSecrets(env);
  const tellProblems = createProblemTeller(log);
  const loaded = new AbortController();
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
        tellProblems(problems);
        loaded.abort();
      },
      watchFailed: (error) => {
        log.warn('specs are not watched; changes are found by the timer', { error: String(error) });
      },
      recordFailed: (path, error) => {
        log.warn('a last good version could not be read or written', { path, error: String(error) });
      },
    },
  });
  const tmuxNotices = createTmuxNotices(log, (server, note) => {
    state.recordEvent({ kind: 'TmuxServer', name: server }, note);
  });
  const replacements = createReplacements(metrics.agentHooks.onReplaced);
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
        tmuxNotices.changed(server, serverState);
        controller.serverChanged(server);
      },
      onStart: (server) => {
        metrics.tmuxHooks.onServerStart(server);
        tmuxNotices.started(server);
      },
    },
  });
  const stale = await endStaleClients(world.table, join(directory, settings.socket));
  if (stale.length > 0) log.warn('ended control clients of an earlier controller', { pids: stale });

  const projectEyes: ProjectEyes = {
    tmux: world.eyes.project,
    processes: world.marked.look,
    obstacles: (agents) => findObstacles(agents, env),
    probes: (uid) => prober.results(uid),
    redact: (agent, lines) => secrets.redact(agent?.env ?? [], lines),
  };
  const agentsDirectory = join(settings.state, 'agents');
  const fifos = createFifos(agentsDirectory, tmuxEnvironment(env));
  const listen = (project: string, run: string, fifo: string): void => {
    fifoHints.watch(fifo, run, () => {
      controller.hint(keyOf('Project', project));
    });
  };
  const prober = createProber({
    clock: systemClock,
    run: createProbeRunner(secrets, env),
    onChange: (key) => {
      controller.hint(key);
    },
  });
  const keeper = createOutputKeeper({
    clock: systemClock,
    capture: (pane, rows) => capturePaneOutput(world.servers.get(pane.server), pane, rows),
    redact: (mark, lines) => secrets.redact(variablesOf(specs, mark), lines),
    log: createOutputLog(agentsDirectory, stateProblems.take, metrics.stateHooks.onWrite),
    onError: (error) => {
      log.error("an agent's output was not saved", { error: error instanceof Error ? error.stack : String(error) });
    },
  });
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
    // What is wrong with tmux and the state is logged where it is found.
    state: tellEvents(state, log),
    hands: savingHands(hands, keeper),
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
      keeper.forget(agents.map((agent) => agentUid(uid, agent)));
      for (const agent of agents) {
        const own = agentUid(uid, agent);
        fifoHints.forget(join(agentsDirectory, own, 'alive'));
        fifos.remove(own);
        replacements.forget(own);
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

  function onObserved(project: SeenProject): void {
    const { key, uid, tmux: seen, status } = project;
    prober.seen(project);
    if (seen.state === 'Unknown') return;
    replacements.seen(status.agents, now());
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

  let leads = true;
  async function mayAct(): Promise<boolean> {
    if (leads && (await lead.check())) return true;
    if (leads) fail('lost the lock to another controller; ending', { code: 'MUX_LOCK_LOST' });
    leads = false;
    metrics.leaderHooks.onLeader(false);
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
    async everything() {
      const look = await world.eyes.everything();
      if (look.state === 'Known') keeper.seen(look.value);
      return look;
    },
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
  const standing = {
    queue,
    state,
    specs,
    controller,
    isLeader: () => leads,
    unwritable: stateProblems.unwritable,
    startedAt,
    now,
  };
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
    await waitFor(AbortSignal.any([loaded.signal, signal]));
    settings.announce(place, specs.keys().filter(isProject).map(nameOf));
    await waitFor(signal);
    // Who took the lock from us has written its own.
    if (await mayAct()) state.putAddress(undefined);
  }
  await atMost(DRAIN_MS, running);
  await server.close();
  prober.close();
  keeper.close();
  fifoHints.close();
  await world.servers.close();
  lead.release();
  return exitCode;
}

function isProject(key: Key): boolean {
  return kindOf(key) === 'Project';
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
