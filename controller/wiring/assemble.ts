/**
 * Puts the controller together. Here, and nowhere else, the rooms meet: what one asks of another in its own words is
 * fitted to what the other offers. Nothing here starts anything.
 */
import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createFifos } from '../act/fifos.ts';
import { createHands } from '../act/hands.ts';
import { type Key, keyOf, kindOf } from '../api/key.ts';
import { systemClock } from '../exec/clock.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { createFifoHints } from '../observe/fifo-hints.ts';
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
import { createProjectWorker } from '../runtime/project-worker.ts';
import { createOutputLog } from '../store/state/output-log.ts';
import type { StateProblem } from '../store/state/state-problem.ts';
import { createStateStore } from '../store/state/state-store.ts';
import { tmuxEnvironment } from '../tmux/environment.ts';
import { chooseServer } from '../tmux/servers.ts';
import type { TmuxFeatures } from '../tmux/version.ts';
import { savingHands, variablesOf } from './agent-output.ts';
import { createBriefings } from './briefings.ts';
import { createFollowers } from './followers.ts';
import { createHealth } from './health.ts';
import { createLaunching } from './launching.ts';
import type { Log } from './log.ts';
import { assembleMessages } from './messages/assemble.ts';
import { createProbeRunner } from './probes.ts';
import { assembleQueues } from './queues.ts';
import { createReadings } from './readings.ts';
import { createReplacements } from './replacements.ts';
import type { RunSettings } from './settings.ts';
import { createSpecSide } from './spec-side.ts';
import { createStateProblems } from './state-problems.ts';
import { tellEvents } from './tell.ts';
import { createTmuxSide } from './tmux-side.ts';

export interface AssembleOptions {
  readonly settings: RunSettings;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly features: TmuxFeatures;
  /** Asked before each object: whether we still lead. */
  readonly mayAct: () => Promise<boolean>;
  /** Told after each load of the specs. */
  readonly onLoaded: () => void;
}

/** Milliseconds between tries of the same object: the first soon, since most of what is waited for is a process's end. */
const RETRY = { baseMs: 1, capMs: 30_000 } as const;
/** Projects that are worked on at the same time. */
const WORKERS = 12;
/** A look may be so old where nothing has happened since, in milliseconds. */
const STALE_MS = 6000;

export function assemble({ settings, env, log, metrics, features, mayAct, onLoaded }: AssembleOptions) {
  const { now } = systemClock;
  const clock = systemClock;
  const agentsDirectory = join(settings.state, 'agents');
  const hint = (project: string): void => {
    controller.hint(keyOf('Project', project));
  };
  const failed = (what: string) => (error: unknown) => {
    log.error(what, { error: error instanceof Error ? error.stack : String(error) });
  };

  const stateProblems = createStateProblems({ log, onProblem: metrics.stateHooks.onProblem });
  const { onWrite } = metrics.stateHooks;
  const state = createStateStore({ dir: settings.state, now, onWrite, onProblem: stateProblems.take });
  stateProblems.recordWith((note) => {
    state.recordEvent({ kind: 'Controller', name: 'muxlet' }, note);
  });
  const specs = createSpecSide({ settings, log, metrics, onLoaded });
  const freshness = createFreshness(systemClock.steady, STALE_MS);
  const queue = createWorkQueue<Key>({
    // What waits for seconds is not to wait for minutes because somebody set the clock.
    clock: { now: systemClock.steady, after: clock.after },
    random: Math.random,
    backoff: RETRY,
    hooks: metrics.queueHooks,
  });
  const places = createPlaces();
  const secrets = createSecrets(env);
  const briefings = createBriefings({ state: settings.state, env });
  const { textOf: briefingOf } = briefings;
  const launching = createLaunching({ settings, env, secrets, clock, hint: (key) => controller.hint(key), briefingOf });
  const { world, deaths } = createTmuxSide({
    socket: settings.socket,
    env,
    features,
    clock,
    metrics,
    log,
    state,
    hintProject: hint,
    notified: (server, name, rest) => controller.notified(server, name, rest),
    serverChanged: (server) => controller.serverChanged(server),
  });

  const tellOutput = ({ type, ...fields }: StateProblem): void => {
    log.warn("an agent's output", { reason: type, ...fields });
  };
  const prober = createProber({
    clock,
    run: createProbeRunner(secrets, launching.launches, env),
    onChange: (key) => {
      controller.hint(key);
    },
    onError: failed('a probe failed to run'),
  });
  const reader = createReadings({
    clock,
    servers: world.servers,
    secrets,
    agentsDirectory,
    home: env['HOME'] ?? homedir(),
    log,
    onChange: (key) => {
      controller.hint(key);
    },
    onError: failed('an agent could not be read'),
  });
  const health = createHealth({
    specs,
    state: tellEvents(state, log),
    env,
    table: world.table,
    readings: reader.results,
    hint: (key) => {
      controller.hint(key);
    },
    failed,
    say: (word) => {
      messages.say(word);
    },
    hooks: metrics.agentHooks,
  });
  const keeper = createOutputKeeper({
    clock,
    capture: (pane, rows) => capturePaneOutput(world.servers.get(pane.server), pane, rows),
    redact: (mark, lines) => secrets.redact(variablesOf(specs, mark), lines),
    // Told, but no want of readiness: what an ended run printed is not written again, so that nothing would heal it.
    log: createOutputLog(agentsDirectory, tellOutput, onWrite),
    onError: failed("an agent's output was not saved"),
  });
  const fifos = createFifos(agentsDirectory, tmuxEnvironment(env));
  const fifoHints = createFifoHints();
  const replacements = createReplacements(metrics.agentHooks.onReplaced);
  const followers = createFollowers({
    agentsDirectory,
    places,
    freshness,
    fifos,
    fifoHints,
    prober,
    reader,
    keeper,
    replacements,
    health,
    hint,
    now,
  });

  const projectEyes: ProjectEyes = {
    tmux: world.eyes.project,
    output: world.eyes.output,
    processes: world.marked.look,
    obstacles: launching.obstacles,
    probes: prober.results,
    readings: reader.results,
    reports: (uid) => messages.reports(uid),
    words: (uid) => messages.words(uid),
    health: health.look,
    redact: (agent, lines) => secrets.redact(agent?.env ?? [], lines),
  };
  const messages = assembleMessages({
    directory: settings.state,
    home: homedir(),
    env,
    clock,
    specs,
    state: tellEvents(state, log),
    server: world.servers.get,
    readings: projectEyes.readings,
    metrics,
    log,
    hint: (key) => {
      controller.hint(key);
    },
    render: (word) => briefings.wordOf(word, specs.desiredProject(word.project)),
    isSynced: () => controller.isSynced(),
  });
  const queues = assembleQueues({
    specs,
    state: tellEvents(state, log),
    hint: (key) => {
      controller.hint(key);
    },
    hintAtLeisure: (key) => {
      controller.hintAtLeisure(key);
    },
    hooks: metrics.projectQueueHooks,
  });
  const hands = createHands({
    server: world.servers.get,
    features,
    fifos,
    startTimeOf: world.startTimeOf,
    launches: launching.launches,
    onLaunch: followers.listen,
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
      decide: briefings.noting(decideProject),
    },
    now,
    newUid: randomUUID,
    placeProject: () =>
      chooseServer(settings.socket, loads(), specs.keys().filter((key) => kindOf(key) === 'Project').length),
    admission: queues.admission,
    overlay: () => ({}),
    onObserved: (seen) => {
      followers.observed(seen);
      launching.seen(seen);
      messages.seen(seen);
      queues.seen(seen);
    },
    onAction: (action, ok, ms) => {
      metrics.actionHooks.onAction(action.type, ok ? 'success' : 'error', ms);
    },
    say: messages.say,
    onForgotten: (key, uid, agents) => {
      followers.forgotten(key, uid, agents);
      messages.forgotten(key, uid);
      queues.forgotten(key, uid);
    },
  });

  /** Projects on each server, by the inventory. */
  function loads(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const key of state.inventoryKeys()) {
      const server = state.inventory(key)?.server ?? settings.socket;
      counts.set(server, (counts.get(server) ?? 0) + 1);
    }
    return counts;
  }

  const controller = createController({
    clock,
    random: Math.random,
    queue,
    freshness,
    specs,
    state,
    workers: { Project: worker, AgentClass: health.worker, Message: messages.worker, Queue: queues.worker },
    places,
    mayAct,
    atOnce: WORKERS,
    async everything() {
      const look = await world.eyes.everything();
      if (look.state === 'Known') {
        keeper.seen(look.value);
        health.listed(look.value);
      }
      return look;
    },
    resyncMs: settings.resyncMs,
    onOutcome: (key, result, ms) => {
      metrics.reconcileHooks.onReconciled(kindOf(key), result, ms);
    },
    onCrash: (key, error) => {
      if (key !== undefined) queues.crashed(key);
      log.error('reconcile failed', { key, error: error instanceof Error ? error.stack : String(error) });
    },
  });

  return {
    controller,
    specs,
    state,
    queue,
    world,
    deaths,
    hint,
    mailboxDepth: messages.depth,
    /** Takes up what was sent; before it, no message is worked on. */
    startMessages: messages.start,
    unwritable: stateProblems.unwritable,
    /** Lets go of everything that was opened; agents go on. */
    async close(): Promise<void> {
      messages.close();
      queues.close();
      prober.close();
      health.close();
      reader.close();
      keeper.close();
      fifoHints.close();
      await world.servers.close();
    },
  };
}
