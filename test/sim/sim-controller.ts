/** One life of the controller: the real core, put together as the program does, over the simulated world. */
import { isDeepStrictEqual } from 'node:util';
import type { Action } from '../../controller/api/action.ts';
import { describeAction } from '../../controller/api/action.ts';
import { type Key, keyOf, nameOf } from '../../controller/api/key.ts';
import { createWorkQueue } from '../../controller/queue/work-queue.ts';
import { decideProject } from '../../controller/reconcile/project/decide.ts';
import { gather, lookAtTmux } from '../../controller/reconcile/project/gather.ts';
import { decideQueue } from '../../controller/reconcile/queue/decide.ts';
import { unmetDependency } from '../../controller/reconcile/queue/dependencies.ts';
import { outcomeOf } from '../../controller/reconcile/queue/outcome.ts';
import { isStart } from '../../controller/runtime/action-kinds.ts';
import { createController } from '../../controller/runtime/controller.ts';
import { createPlaces } from '../../controller/runtime/places.ts';
import { createFreshness } from '../../controller/runtime/pool.ts';
import type { ActionResult } from '../../controller/runtime/ports.ts';
import { createProjectWorker, type ProjectWalk } from '../../controller/runtime/project-worker.ts';
import { createQueues } from '../../controller/runtime/queues/queues.ts';
import { rememberAtRest } from '../../controller/runtime/remembered.ts';
import { type CourseWatch, endsAsAWhole } from './course-watch.ts';
import type { Machine } from './machine.ts';
import type { Oracle } from './oracle.ts';
import { type Asked, overlayOf } from './sim-asked.ts';
import { createSimEyes, SERVER } from './sim-eyes.ts';
import { applyAction } from './sim-hands.ts';
import { createSimHealth } from './sim-health.ts';
import { type QueueWatch, queueInWords } from './sim-queue.ts';
import { createSimSpecs, type SpecFiles } from './sim-specs.ts';
import { createSimState, type Disk, noteBoot } from './sim-state.ts';

/** What becomes of the next action. `Lost`: it is carried out, and nobody hears of it. */
export type Fate = 'Done' | 'Fails' | 'Lost' | 'CrashBefore' | 'CrashAfter' | 'Slow';

/** Of decisions that are given again, so many take the time of one that is held against a new one. */
const CHECKED_EVERY = 8;

/** Reasons to end an agent that lie in its spec. */
const BY_SPEC: ReadonlySet<string> = new Set(['ProjectRemoved', 'AgentRemoved', 'SpecChanged']);

export interface World {
  readonly machine: Machine;
  readonly files: SpecFiles;
  readonly disk: Disk;
  readonly asked: Asked;
  readonly oracle: Oracle;
  readonly projects: readonly string[];
  readonly random: () => number;
  readonly fates: Fate[];
  readonly courses: CourseWatch;
  readonly queue: QueueWatch;
  /** While set, no hint arrives. */
  deaf: boolean;
  /** Somebody deleted the state: of runs that have no pane any more, nobody knows. */
  forgot: boolean;
  actions: number;
  runs: number;
}

export interface Life {
  isAlive(): boolean;
  crash(): void;
}

export function startController(world: World): Life {
  const { machine, oracle, random, disk } = world;
  const { clock } = machine;
  const { now } = clock;
  const abort = new AbortController();
  let alive = true;
  /** What happened last to each object, and the look that its present decision is made from; by the clock that never jumps. */
  const acted = new Map<string, number>();
  const lookedAt = new Map<string, number>();

  const after = (ms: number, callback: () => void): (() => void) =>
    clock.after(ms, () => {
      if (alive) callback();
    });
  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      after(ms, resolve);
    });
  const watch = world.courses;
  const latency = (): number => Math.floor(random() * 6) / 2;
  const state = createSimState({ disk, alive: () => alive, random, after });
  const specs = createSimSpecs(world.files, clock, after);
  const simClock = { now, after };
  const queue = createWorkQueue<Key>({
    clock: { now: clock.elapsed, after },
    random,
    backoff: { baseMs: 4, capMs: 30_000 },
  });
  const freshness = createFreshness(clock.elapsed, 6000);
  const places = createPlaces();
  const hint = (key: Key): void => {
    after(0, () => controller.hint(key));
  };
  const bug = (what: string) => (error: unknown) => {
    oracle.violated(`a bug in ${what}: ${error instanceof Error ? (error.stack ?? '') : String(error)}`);
  };
  const rebootedAt = noteBoot(disk, machine.boot, now());
  const queues = createQueues({
    clock: simClock,
    specs,
    state,
    mind: {
      decide(input) {
        const decision = decideQueue(input);
        oracle.note(queueInWords(decision));
        for (const problem of world.queue.decided(input, decision)) oracle.violated(`queue: ${problem}`);
        return decision;
      },
      unmet: unmetDependency,
      outcome: outcomeOf,
    },
    machine: () => Promise.resolve({ availableMemory: undefined, loadPerCPU: undefined }),
    newUid: () => `u${(world.runs += 1)}`,
    hint: (key, atLeisure) => {
      after(0, () => controller.hintDecided(key, atLeisure));
    },
    hooks: { onQueue: () => undefined, onAdmitted: () => undefined, onForgotten: () => undefined },
  });
  const health = createSimHealth({ machine, clock: simClock, state, sleep, hint, onError: bug('the checks') });
  const eyes = createSimEyes({
    machine,
    projects: world.projects,
    sleep,
    latency,
    health: { readings: health.readings, health: health.look },
    onSuspect: (project, inMs) => {
      after(inMs, () => controller.hint(keyOf('Project', project)));
    },
  });

  function crash(): void {
    if (!alive) return;
    alive = false;
    oracle.note('the controller is gone');
    machine.onDeath = () => undefined;
    machine.onStructure = () => undefined;
    machine.onMood = () => undefined;
    world.files.onEdit = () => undefined;
    world.asked.onAsked = () => undefined;
  }

  async function carryOut(action: Action): Promise<ActionResult> {
    if (!alive) return new Promise(() => undefined);
    const fate = world.fates.shift() ?? 'Done';
    await sleep(fate === 'Slow' ? 700 : latency());
    if (fate === 'CrashBefore') crash();
    if (!alive) return new Promise(() => undefined);
    world.actions += 1;
    if (fate === 'Fails') {
      oracle.note(`FAILS ${describeAction(action)}`);
      return { ok: false, error: 'no' };
    }
    const newRun = (): string => `${now()}-${(world.runs += 1)}`;
    const result = applyAction(action, { machine, oracle, newRun });
    oracle.note(
      `${fate === 'Done' ? '' : `${fate} `}${describeAction(action)}${result.ok ? '' : `: ${result.error ?? ''}`}`,
    );
    if (fate === 'CrashAfter') crash();
    await sleep(latency());
    return fate === 'Lost' ? { ok: false, error: 'no answer' } : result;
  }

  const remembered = rememberAtRest(decideProject);
  /** Decisions that were given again. */
  let given = 0;
  const walk: ProjectWalk = {
    async look(request, previous) {
      const look = await lookAtTmux(eyes.project, request, previous);
      lookedAt.set(request.project, look.at);
      return look;
    },
    gather: (input) => gather(eyes.project, input),
    decide(input) {
      const decision = remembered(input);
      const { name } = input.meta;
      if (decision.status === input.previous && (given += 1) % CHECKED_EVERY === 0) {
        if (!isDeepStrictEqual(decision, decideProject(input)))
          oracle.violated(`${name}: what was decided before is not what would be decided now`);
      }
      for (const problem of watch.decided(input, decision)) oracle.violated(`${name}: ${problem}`);
      oracle.mayEnd(name, endsAsAWhole(decision));
      if (decision.actions.some(isStart)) {
        for (const problem of world.queue.starts(input)) oracle.violated(`${name}: ${problem}`);
      }
      if (decision.actions.length > 0) {
        if (input.observed.tmux.state === 'Unknown') oracle.violated(`${name}: acts without having seen`);
        const unsure = input.desired.type !== 'Rejected' && !input.desired.confirmed;
        // Children of a run that has ended already are ended all the same.
        const ends = decision.status.agents.some(
          ({ termination, pid }) =>
            pid !== undefined && termination?.stage !== 'Begun' && BY_SPEC.has(termination?.reason ?? ''),
        );
        if (unsure && ends) oracle.violated(`${name}: ends something for a spec that is not confirmed`);
        if ((lookedAt.get(name) ?? 0) < (acted.get(name) ?? 0))
          oracle.violated(`${name}: decides on a look older than its last action`);
      }
      return decision;
    },
  };

  const worker = createProjectWorker({
    specs,
    state,
    hands: { carryOut },
    walk,
    now,
    steady: clock.elapsed,
    newUid: () => `u${(world.runs += 1)}`,
    placeProject: () => SERVER,
    rebootedAt,
    random,
    admission: queues.admission,
    overlay: (key, uid) => overlayOf(world.asked, nameOf(key), uid),
    onObserved: (seen) => {
      const { key, tmux } = seen;
      health.seen(seen);
      queues.seen(seen);
      if (tmux.state === 'Unknown') return;
      places.learn(
        key,
        tmux.value.panes.flatMap(({ server, sessionId, windowId }) =>
          [sessionId, windowId].map((id) => ({ server, id })),
        ),
      );
    },
    onAction: (action) => {
      if ('owner' in action) acted.set(action.owner.project, clock.elapsed());
    },
    say: () => undefined,
    onForgotten: (key, uid) => {
      health.forgotten(uid);
      queues.forgotten(key, uid);
      places.forget(key);
      freshness.want(key);
      acted.delete(nameOf(key));
    },
    onExpired: () => undefined,
  });

  const controller = createController({
    clock: simClock,
    random,
    queue,
    freshness,
    specs,
    state,
    workers: { Project: worker, AgentClass: health.worker, Queue: queues.worker },
    places,
    everything: eyes.everything,
    resyncMs: 30_000,
    atOnce: 3,
    mayAct: () => Promise.resolve(true),
    onDeclared: queues.declared,
    onOutcome: () => undefined,
    onCrash: (key, error) => {
      bug(key ?? 'the controller')(error);
      if (key !== undefined) queues.crashed(key);
    },
  });
  machine.onDeath = (project) => {
    if (!world.deaf) after(1, () => controller.hint(keyOf('Project', project)));
  };
  machine.onStructure = () => {
    if (!world.deaf) after(1, () => controller.notified(SERVER, 'sessions-changed', ''));
  };
  world.asked.onAsked = (project) => {
    if (!world.deaf) after(30, () => controller.hint(keyOf('Project', project)));
  };
  machine.onMood = (project, inMs) => {
    if (!world.deaf) after(1 + inMs, () => controller.hint(keyOf('Project', project)));
  };
  oracle.note('a controller begins');
  void controller.run(abort.signal);
  return { isAlive: () => alive, crash };
}
