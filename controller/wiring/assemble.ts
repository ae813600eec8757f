/**
 * Puts the controller together. Here, and nowhere else, the rooms meet: what one asks of another in its own words is
 * fitted to what the other offers. Nothing here starts anything.
 */

import { homedir } from 'node:os';
import { stackOf } from '../api/errors.ts';
import type { Event } from '../api/generated/all.ts';
import { type Key, keyOf, kindOf } from '../api/key.ts';
import { systemClock } from '../exec/clock.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { createSecrets } from '../observe/secrets.ts';
import { createWorkQueue } from '../queue/work-queue.ts';
import { createController } from '../runtime/controller.ts';
import { createPlaces } from '../runtime/places.ts';
import { createFreshness } from '../runtime/pool.ts';
import { createRevisionReader } from '../store/sources/revision-reader.ts';
import type { TmuxFeatures } from '../tmux/version.ts';
import { createAgentSide } from './agent-side.ts';
import { assembleAlerts } from './alerts.ts';
import { createBriefings } from './briefings.ts';
import { createFinishing } from './finishing.ts';
import { createGitSide } from './git.ts';
import { assembleGitSources } from './gitsources.ts';
import { createLaunching } from './launching.ts';
import { createLeftovers } from './leftovers.ts';
import type { Log } from './log.ts';
import { assembleMessages } from './messages/assemble.ts';
import { CLOSE_MS, LEISURE, RETRY, STALE_MS, TELLING_MS, WORKERS } from './pace.ts';
import { createProjectSide } from './project-side.ts';
import { assembleQueues } from './queues.ts';
import type { RunSettings } from './settings.ts';
import { createSpecSide } from './spec-side.ts';
import { createStateSide } from './state-side.ts';
import { tellEvents } from './tell.ts';
import { createTmuxSide } from './tmux-side.ts';
import { atMost } from './wait.ts';
import { createWorkspaces } from './workspaces.ts';

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
  /** Runs that began before belong to an earlier boot of the machine. Milliseconds since the epoch. */
  readonly rebootedAt: number | undefined;
}

export function assemble(options: AssembleOptions) {
  const { settings, env, log, metrics, features, mayAct, rebootedAt } = options;
  const clock = systemClock;
  const hintKey = (key: Key): void => {
    controller.hint(key);
  };
  const hintAtLeisure = (key: Key): void => {
    controller.hintAtLeisure(key);
  };
  const hint = (project: string): void => {
    hintKey(keyOf('Project', project));
  };

  const failed = (what: string) => (error: unknown) => {
    log.error(what, { error: stackOf(error) });
  };

  let hear: (event: Event) => void = () => undefined;
  const { state, scribe, unwritable } = createStateSide(settings.state, {
    log,
    metrics,
    // What is recorded before there is anybody to hear it is found among the events.
    onEvent: (event) => {
      hear(event);
    },
  });
  // What is wrong with tmux and the state is logged where it is found.
  const told = tellEvents(state, log);
  const revisions = createRevisionReader();
  // Specs are read before anybody follows repositories.
  const followed = { behind: (since: number, but?: string) => sources.caughtUp.behind(since, but) };
  const ahead = () => ({ changing: controller.lookAhead, expected: launching.expect });
  const specs = createSpecSide({ ...options, scribe, revisions, followed, ahead });
  const freshness = createFreshness(systemClock.steady, STALE_MS);
  const queue = createWorkQueue<Key>({
    // What waits for seconds is not to wait for minutes because somebody set the clock.
    clock: { now: systemClock.steady, after: clock.after },
    random: Math.random,
    backoff: RETRY,
    isPatient: (key) => queues.isPatient(key),
    leisure: LEISURE,
    hooks: metrics.queueHooks,
  });
  const places = createPlaces();
  const secrets = createSecrets(env);
  const briefings = createBriefings({
    state: settings.state,
    env,
    branchOf: (uid, agent) => workspaces.look(uid)?.trees.get(agent)?.branch,
  });
  const briefingOf = briefings.textOf;
  const launching = createLaunching({ settings, env, secrets, clock, specs, hint: hintKey, state, briefingOf });
  const { world, deaths } = createTmuxSide({
    socket: settings.socket,
    env,
    features,
    clock,
    metrics,
    log,
    state,
    hintProject: hint,
    areEndsTold: () => agents.areEndsTold(),
    heardOf: (run) => agents.heardOf(run),
    onEnded: launching.expectAgain,
    notified: (server, name, rest) => controller.notified(server, name, rest),
    serverChanged: (server, change) => controller.serverChanged(server, change),
  });
  const agents = createAgentSide({
    directory: settings.state,
    env,
    log,
    metrics,
    specs,
    state: told,
    world,
    expectAgain: launching.expectAgain,
    secrets,
    launches: launching.launches,
    places,
    freshness,
    hint: hintKey,
    hintAtLeisure,
    hintAmongMany: (key) => controller.hintAmongMany(key),
    say: (word) => {
      messages.say(word);
    },
  });
  const messages = assembleMessages({
    directory: settings.state,
    home: homedir(),
    env,
    clock,
    specs,
    state: told,
    server: world.servers.get,
    readings: agents.reader.results,
    metrics,
    log,
    hint: hintKey,
    render: (word) => briefings.wordOf(word, specs.desiredProject(word.project)),
    isSynced: () => controller.isSynced(),
  });
  const queues = assembleQueues({
    specs,
    state: told,
    hint: (key, atLeisure) => controller.hintDecided(key, atLeisure),
    hooks: metrics.projectQueueHooks,
  });
  const workspaces = createWorkspaces({
    state: settings.state,
    env,
    secrets,
    clock,
    mayAct,
    onChange: hint,
    onError: failed('work trees could not be seen to'),
  });
  const finisher = createFinishing({ settings, env, world, secrets, hint: hintKey, log });
  const git = createGitSide({ readings: agents.reader.results, metrics, log, hint: hintKey });
  const projects = createProjectSide({
    settings,
    features,
    metrics,
    specs,
    state: told,
    world,
    secrets,
    briefings,
    launching,
    agents,
    git,
    messages,
    queues,
    workspaces,
    finisher,
    rebootedAt,
    isZombie: (uid) => leftovers.isZombie(uid),
  });
  const sources = assembleGitSources({
    directory: settings.state,
    env,
    specs,
    state: told,
    revisions,
    mayAct,
    hint: hintKey,
    hooks: metrics.sourceHooks,
    onError: failed('a repository could not be followed'),
  });
  const alerts = assembleAlerts({
    env,
    secrets,
    specs,
    state: told,
    mayAct,
    isSynced: () => controller.isSynced(),
    hint: hintAtLeisure,
    hooks: metrics.alertHooks,
    log,
  });
  hear = alerts.hear;
  const { health, keeper } = agents;

  const controller = createController({
    clock,
    random: Math.random,
    queue,
    freshness,
    specs,
    state,
    workers: {
      Project: projects.worker,
      AgentClass: health.worker,
      Message: messages.worker,
      Queue: queues.worker,
      GitSource: sources.worker,
      Alert: alerts.worker,
    },
    places,
    mayAct,
    atOnce: WORKERS,
    async everything() {
      const look = await world.eyes.everything();
      if (look.state === 'Known') {
        keeper.seen(look.value);
        health.listed(look.value);
        git.listed(look.value);
      }
      return look;
    },
    resyncMs: settings.resyncMs,
    onDeclared: queues.declared,
    onOutcome: (key, result, ms) => {
      metrics.reconcileHooks.onReconciled(kindOf(key), result, ms);
    },
    onCrash: (key, error) => {
      if (key !== undefined) queues.crashed(key);
      log.error('reconcile failed', { key, error: stackOf(error) });
    },
  });

  const leftovers = createLeftovers({
    settings,
    specs,
    state: told,
    world,
    clock,
    eyes: projects.eyes,
    hands: projects.hands,
    mayAct: async () => controller.isSynced() && (await mayAct()),
    hint,
    onMismatches: metrics.auditHooks.onMismatches,
    onForgotten: agents.followers.forgotten,
    onError: failed('what is left over could not be looked at'),
  });

  return {
    controller,
    leftovers,
    specs,
    state,
    queue,
    world,
    deaths,
    hint,
    mailboxDepth: messages.depth,
    pushed: sources.pushed,
    /** Takes up what was sent; before it, no message is worked on. */
    startMessages: messages.start,
    /** Tells at once what is still to be told; for so long at most, in milliseconds. */
    tellAll: alerts.flush,
    unwritable,
    /** Lets go of everything that was opened; agents go on. */
    async close(): Promise<void> {
      sources.close();
      messages.close();
      queues.close();
      git.close();
      agents.close();
      // A git that takes longer goes on without us, and what it does is taken up by the next controller.
      await atMost(CLOSE_MS, Promise.all([workspaces.close(), finisher.close(), alerts.close(TELLING_MS)]));
      await world.servers.close();
    },
  };
}
