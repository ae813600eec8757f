import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { NOT_QUEUED } from '../api/admission.ts';
import type { Decision } from '../api/decision.ts';
import type { Desired } from '../api/desired.ts';
import type { FinishLook } from '../api/finishing.ts';
import type { ProjectStatus, RunStatus, WorkTreeStatus } from '../api/generated/all.ts';
import { NOTHING_OF_HEALTH } from '../api/health.ts';
import { nameOf } from '../api/key.ts';
import type { WorkspaceLook } from '../api/workspace.ts';
import { findBriefingObstacles } from '../briefing/find-obstacles.ts';
import type { Places, PlannedProject, PlannerPort } from '../cli/ports.ts';
import { systemClock } from '../exec/clock.ts';
import { createLaunchCheck } from '../observe/launch-check.ts';
import { decideProject } from '../reconcile/project/decide.ts';
import { gather, lookAtTmux, type ProjectEyes } from '../reconcile/project/gather.ts';
import { identify } from '../runtime/identify.ts';
import { annotationsFor, readOverlay } from '../store/overlays/overlay-file.ts';
import { readState } from '../store/state/read-state.ts';
import { isServerOf } from '../tmux/servers.ts';
import { findTmux } from './preflight.ts';
import { loadSpecs } from './read-only-specs.ts';
import { createReadOnlyTmux, type ReadOnlyTmux } from './read-only-tmux.ts';
import { homeMark, withoutCopies } from './world.ts';

export interface PlannerOptions {
  readonly presets: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The same eyes and the same decision as the controller's, and no hands. */
export function createPlanner({ presets, env }: PlannerOptions): PlannerPort {
  return {
    async plan(places, names) {
      await findTmux(env);
      const { now } = systemClock;
      const specs = await loadSpecs(places, presets);
      const tmux = createReadOnlyTmux(places.socket, env);
      const objects = readState(places.state).objects();
      const known = [...specs.keys(), ...objects.keys()].filter((key) => key.startsWith('project/')).map(nameOf);
      const wanted = [...new Set(known)].sort().filter((name) => names.length === 0 || names.includes(name));
      const plans: PlannedProject[] = [];
      for (const name of wanted) {
        const desired = seenTwice(specs.desiredProject(name));
        const plan = await planOne(name, desired, { tmux, env, places, now });
        if (plan !== undefined) plans.push(plan);
      }
      return plans;
    },
  };
}

interface PlanContext {
  readonly tmux: ReadOnlyTmux;
  readonly env: PlannerOptions['env'];
  readonly places: Places;
  readonly now: () => number;
}

async function planOne(name: string, desired: Desired, context: PlanContext): Promise<PlannedProject | undefined> {
  const { tmux, env, places, now } = context;
  const state = readState(places.state);
  const key = `project/${name}` as const;
  const stored = state.object(key);
  const inventory = state.inventory().get(key);
  const recorded =
    inventory !== undefined && isServerOf(places.socket, inventory.server) ? inventory.server : undefined;
  const eyes: ProjectEyes = {
    tmux: tmux.eyes.project,
    output: tmux.eyes.output,
    processes: withoutCopies(tmux.processesBut(new Set()), places),
    obstacles: createLaunchCheck({
      env,
      home: homedir(),
      agents: join(places.state, 'agents'),
      further: findBriefingObstacles,
      after: systemClock.after,
      now: systemClock.steady,
    }),
    probes: () => [],
    readings: () => [],
    reports: () => new Map(),
    words: () => [],
    finish: () => underWay(stored?.status.run),
    health: () => NOTHING_OF_HEALTH,
    redact: async (_agent, lines) => lines,
    workspace: () => treesOnDisk(desired, stored?.status),
  };
  const previous = stored?.status;
  const seen = await lookAtTmux(eyes, { project: name, server: recorded, notBefore: now() }, previous);
  const newUid = (): string => '00000000-0000-0000-0000-000000000000';
  const asked = readOverlay(places.state, key);
  const overlay = (uid: string | undefined) => annotationsFor(asked.type === 'Loaded' ? asked.value : undefined, uid);
  const home = homeMark(places.state);
  const identity = identify({ name, stored, desired, tmux: seen, home, now: now(), newUid, overlay });
  if (identity === undefined) return undefined;
  const looked = {
    uid: identity.meta.uid,
    desired: identity.desired,
    previous,
    tmux: seen,
    admission: NOT_QUEUED,
    now: now(),
  };
  const decision = decideProject({
    meta: identity.meta,
    desired: identity.desired,
    previous,
    stops: new Map(Object.entries(inventory?.agents ?? {})),
    observed: await gather(eyes, looked),
    server: recorded ?? places.socket,
    admission: NOT_QUEUED,
    ...(inventory?.places !== undefined && { places: inventory.places }),
    overlay: overlay(identity.meta.uid),
    failure: undefined,
    now: now(),
    uncountedMs: 0,
  });
  return { name, decision: withoutMadeTrees(decision) };
}

/** What a controller would find of the work trees: one that is there will do, until somebody looks more closely. */
function treesOnDisk(desired: Desired, status: ProjectStatus | undefined): WorkspaceLook | undefined {
  if (desired.type !== 'Present' || desired.project.workspace === undefined) return undefined;
  const trees = desired.project.agents.flatMap(({ name, workTree }): [string, WorkTreeStatus][] => {
    if (workTree === undefined) return [];
    const state = existsSync(join(workTree.path, '.git')) ? ('Ready' as const) : ('Pending' as const);
    return [[name, { ...workTree, state }]];
  });
  return { trees: new Map(trees), kept: [], released: false, ...(status?.base !== undefined && { base: status.base }) };
}

/** What is to be seen to and is there already is nothing that would be done. */
function withoutMadeTrees(decision: Decision): Decision {
  const actions = decision.actions.filter(
    (action) =>
      action.type !== 'ArrangeWorkTrees' ||
      action.request.release !== undefined ||
      action.request.trees.some(({ path }) => !existsSync(join(path, '.git'))),
  );
  return { ...decision, actions };
}

/** Only the controller knows how a round stands; what it has begun goes on. */
function underWay(run: RunStatus | undefined): FinishLook | undefined {
  if (run?.stage !== 'Verifying' || run.rounds === undefined) return undefined;
  return { attempt: run.attempt, round: run.rounds.count, state: 'Running' };
}

/** A plan looks once; the controller would look again before it ends anything, and then do what the plan says. */
function seenTwice(desired: Desired): Desired {
  return desired.type === 'Rejected' ? desired : { ...desired, confirmed: true };
}
