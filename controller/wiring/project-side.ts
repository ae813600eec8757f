/** The walk of a Project: eyes, mind and hands, and the worker that uses them. */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { createHands } from '../act/hands.ts';
import type { Admission } from '../api/admission.ts';
import type { ProjectStatus } from '../api/generated/all.ts';
import type { StoredObject } from '../api/metadata.ts';
import { systemClock } from '../exec/clock.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Secrets } from '../observe/secrets.ts';
import { decideProject } from '../reconcile/project/decide.ts';
import { gather, lookAtTmux, type ProjectEyes } from '../reconcile/project/gather.ts';
import type { GitKeeper } from '../runtime/git/git-keeper.ts';
import type { Hands, StateStore } from '../runtime/ports.ts';
import { createProjectWorker, type ProjectWorker } from '../runtime/project-worker.ts';
import { rememberAtRest } from '../runtime/remembered.ts';
import type { WorkTreeKeeper } from '../runtime/workspaces/keeper.ts';
import { isServerOf } from '../tmux/servers.ts';
import type { TmuxFeatures } from '../tmux/version.ts';
import { savingHands } from './agent-output.ts';
import type { createAgentSide } from './agent-side.ts';
import type { Briefings } from './briefings.ts';
import { createFalseFailures } from './false-failures.ts';
import type { Finishing } from './finishing.ts';
import { createInterventions } from './interventions.ts';
import type { Launching } from './launching.ts';
import type { assembleMessages } from './messages/assemble.ts';
import { createPlacing } from './placing.ts';
import type { assembleQueues } from './queues.ts';
import type { RunSettings } from './settings.ts';
import type { SpecSide } from './spec-side.ts';
import type { TmuxWorld } from './tmux-world.ts';
import { homeMark, withoutCopies } from './world.ts';

export interface ProjectSideOptions {
  readonly settings: Pick<RunSettings, 'socket' | 'state'>;
  readonly features: TmuxFeatures;
  readonly metrics: Metrics;
  readonly specs: SpecSide;
  readonly state: StateStore;
  readonly world: TmuxWorld;
  readonly secrets: Secrets;
  readonly briefings: Briefings;
  readonly launching: Launching;
  readonly agents: ReturnType<typeof createAgentSide>;
  readonly git: GitKeeper;
  readonly messages: ReturnType<typeof assembleMessages>;
  readonly queues: ReturnType<typeof assembleQueues>;
  readonly workspaces: WorkTreeKeeper;
  readonly finisher: Finishing;
  /** See `AssembleOptions`. */
  readonly rebootedAt: number | undefined;
  readonly isZombie: NonNullable<ProjectEyes['isZombie']>;
}

export interface ProjectSide {
  readonly worker: ProjectWorker;
  readonly eyes: ProjectEyes;
  readonly hands: Hands;
}

export function createProjectSide(options: ProjectSideOptions): ProjectSide {
  const { settings, features, metrics, specs, state, world, secrets, briefings, launching, agents } = options;
  const { git, messages, queues, workspaces, finisher, rebootedAt, isZombie } = options;
  const { socket } = settings;
  const { now } = systemClock;
  const home = homeMark(settings.state);
  const { prober, signs, reader, health, keeper, fifos, followers } = agents;

  const eyes: ProjectEyes = {
    tmux: world.eyes.project,
    output: world.eyes.output,
    processes: withoutCopies(world.marked.look, settings),
    lives: world.lives,
    async obstacles(down, place) {
      const found = await launching.obstacles(down, place);
      for (const { agent, reason } of found) if (reason === 'WorkTreePreparing') workspaces.doubt(place.uid, agent);
      return found;
    },
    probes: prober.results,
    readings: reader.results,
    reports: messages.reports,
    words: messages.words,
    health: health.look,
    signs: signs.looks,
    git: git.results,
    redact: (agent, lines) => secrets.redact(agent?.env ?? [], lines),
    isZombie,
    isFirstRun: launching.firstRuns.isFirst,
    workspace: workspaces.look,
    finish: finisher.look,
  };
  const bare = createHands({
    server: world.servers.get,
    features,
    fifos,
    startTimeOf: world.startTimeOf,
    launches: launching.launches,
    onLaunch: followers.listen,
    arrangeWorkTrees(request) {
      workspaces.want(request);
      return { ok: true };
    },
    finishWork: finisher.begin,
    home,
    now,
  });
  const hands = savingHands(bare, keeper, world.eyes.lastOutput);
  const { onIntervention } = metrics.peopleHooks;
  const interventions = createInterventions({ overlay: specs.overlay, onIntervention });
  const falseFailures = createFalseFailures(metrics.courseHooks.onFalseFailure);

  const worker = createProjectWorker({
    specs,
    state: {
      ...state,
      putObject(key, object) {
        if (!isSameRecord(state.object(key), object)) state.putObject(key, object);
      },
    },
    hands,
    walk: {
      look(request, previous) {
        // Agents of a new project, or of one whose turn has come, are most likely to be started, whatever tmux says.
        if (isAboutToStart(previous, queues.admission(request.project))) {
          launching.expect(specs.desiredProject(request.project));
        }
        return lookAtTmux(eyes, request, previous);
      },
      gather: (input) => gather(eyes, input),
      decide: rememberAtRest(briefings.noting(decideProject)),
    },
    now,
    steady: systemClock.steady,
    rebootedAt,
    newUid() {
      const uid = randomUUID();
      finisher.begun(uid);
      launching.firstRuns.begun(uid);
      return uid;
    },
    home,
    placeProject: createPlacing({ socket, specs, state }),
    isOwnServer: (server) => isServerOf(socket, server),
    admission: queues.admission,
    overlay: specs.overlay,
    onObserved: (seen) => {
      // What is said of one at rest is the very same value, and who follows it has taken that in.
      if (seen.status !== seen.previous) {
        followers.observed(seen);
        git.seen(seen);
        finisher.seen(seen);
        interventions.seen(seen.key, seen.uid);
        falseFailures.seen(seen);
      }
      // They put back what was deleted, take up what waits, and answer for each decision.
      health.followMemory(seen);
      launching.seen(seen);
      messages.seen(seen);
      queues.seen(seen);
    },
    onAction: (action, ok, ms) => {
      metrics.actionHooks.onAction(action.type, ok ? 'success' : 'error', ms);
    },
    say: messages.say,
    onForgotten: (key, uid, names) => {
      followers.forgotten(key, uid, names);
      git.forget(uid);
      messages.forgotten(key, uid);
      queues.forgotten(key, uid);
      workspaces.forget(uid);
      finisher.forgotten(uid);
      launching.firstRuns.forgotten(uid);
      falseFailures.forgotten(key, interventions.forgotten(key, uid));
    },
    onEndRecorded: specs.forgotten,
    onExpired: followers.expired,
  });
  return { worker, eyes, hands };
}

function isAboutToStart(previous: ProjectStatus | undefined, admission: Admission): boolean {
  if (previous === undefined) return true;
  return previous.run?.stage === 'Waiting' && admission.type === 'Admitted' && previous.session === undefined;
}

/** Of a project at rest the very same status stands on record: it need not be written out to see that. */
function isSameRecord(before: StoredObject | undefined, { metadata, specHash, status }: StoredObject): boolean {
  return before?.status === status && before.specHash === specHash && isDeepStrictEqual(before.metadata, metadata);
}
