import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Claim } from '../../../controller/api/admission.ts';
import type { DesiredProject } from '../../../controller/api/desired.ts';
import type { ProjectStatus, Queue } from '../../../controller/api/generated/all.ts';
import { type Key, keyOf, nameOf } from '../../../controller/api/key.ts';
import type { StoredObject } from '../../../controller/api/metadata.ts';
import { courseOf } from '../../../controller/api/normalise-course.ts';
import { decideQueue } from '../../../controller/reconcile/queue/decide.ts';
import { unmetDependency } from '../../../controller/reconcile/queue/dependencies.ts';
import { outcomeOf } from '../../../controller/reconcile/queue/outcome.ts';
import { createQueues, type Queues } from '../../../controller/runtime/queues/queues.ts';

const LIMIT = 1;
const NAMES = ['a', 'b', 'c'] as const;
const NIGHT = keyOf('Queue', 'night');
const NOTHING: ProjectStatus = { observedGeneration: 1, phase: 'Pending', conditions: [], agents: [] };

/** A project's agent, and the decision about it that is under way. */
interface Agent {
  alive: boolean;
  finished: boolean;
  suspended: boolean;
  ending: boolean;
  deciding: ReturnType<Queues['admission']> | undefined;
}

/** Projects whose decisions take their time, a queue, and a controller that may end between any two steps. */
function createWorld() {
  const objects = new Map<Key, StoredObject>();
  const agents = new Map<string, Agent>();
  const hinted = new Set<Key>();
  let drain = false;
  let queues = begin();
  for (const [index, name] of NAMES.entries()) {
    agents.set(name, { alive: false, finished: false, suspended: false, ending: false, deciding: undefined });
    const creationTimestamp = new Date(index).toISOString();
    const metadata = { name, uid: `u-${name}`, generation: 1, creationTimestamp, finalizers: [] };
    objects.set(keyOf('Project', name), { apiVersion: '', kind: 'Project', metadata, specHash: '', status: NOTHING });
  }

  function queue(): Queue {
    const spec = { maxRunning: LIMIT, drain };
    return { apiVersion: 'muxlet.dev/v1alpha1', kind: 'Queue', metadata: { name: 'night' }, spec };
  }

  function desired(name: string): DesiredProject {
    const course = courseOf({ queue: 'night', agents: [] });
    return { name, labels: {}, annotations: {}, agents: [], course, inputs: '', specHash: '' };
  }

  function begin(): Queues {
    return createQueues({
      clock: { now: () => 0, after: () => () => undefined },
      specs: {
        desiredProject: (name) => ({ type: 'Present', project: desired(name), confirmed: true }),
        project: (name) => ({
          apiVersion: 'muxlet.dev/v1alpha1',
          kind: 'Project',
          metadata: { name },
          spec: { queue: 'night', agents: [] as never },
        }),
        queue: (name) => (name === 'night' ? queue() : undefined),
        arrival: () => undefined,
        keys: () => [NIGHT, ...NAMES.map((name) => keyOf('Project', name))],
      },
      state: {
        object: (key) => objects.get(key),
        putObject: (key, object) => objects.set(key, object) === objects,
        removeObject: (key) => void objects.delete(key),
        recordEvent: () => undefined,
        keys: () => [...objects.keys()],
      },
      mind: { decide: decideQueue, unmet: unmetDependency, outcome: outcomeOf },
      machine: async () => ({ availableMemory: undefined, loadPerCPU: undefined }),
      newUid: () => 'u-night',
      hint: (key) => void hinted.add(key),
      hooks: { onQueue: () => undefined, onAdmitted: () => undefined, onForgotten: () => undefined },
    });
  }

  /** What the decision about a project comes to, by what it was told when it began. */
  function decide(agent: Agent, told: string): Claim {
    if (agent.alive) {
      if (agent.suspended || told === 'Withdrawn') agent.ending = true;
      return 'Holds';
    }
    if (agent.finished || agent.suspended) return 'None';
    // Carried out after it was decided, and before anybody hears of it.
    if (told === 'Admitted') agent.alive = true;
    return 'Wants';
  }

  const world = {
    agents,
    hinted,
    alive: () => [...agents.values()].filter(({ alive }) => alive).length,
    take(name: string): void {
      const agent = agents.get(name);
      if (agent !== undefined && agent.deciding === undefined) agent.deciding = queues.admission(name);
    },
    conclude(name: string): void {
      const agent = agents.get(name);
      if (agent?.deciding === undefined) return;
      const claim = decide(agent, agent.deciding.type);
      agent.deciding = undefined;
      const tmux = { state: 'Unknown', reason: 'Unknown', message: '', at: 0 } as never;
      const project = { type: 'Present', project: desired(name), confirmed: true } as const;
      queues.seen({
        key: keyOf('Project', name),
        uid: `u-${name}`,
        desired: project,
        tmux,
        previous: NOTHING,
        status: NOTHING,
        claim,
      });
    },
    async work(): Promise<void> {
      hinted.delete(NIGHT);
      await queues.worker.work(NIGHT, 0);
    },
    die(name: string, finished: boolean): void {
      const agent = agents.get(name);
      if (agent?.alive !== true) return;
      agent.alive = false;
      agent.finished = finished && !agent.ending;
      agent.ending = false;
    },
    suspend(name: string, suspended: boolean): void {
      const agent = agents.get(name);
      if (agent !== undefined) agent.suspended = suspended;
    },
    drain(wanted: boolean): void {
      drain = wanted;
    },
    /** What was decided may have been carried out, and nobody has heard of it. */
    crash({ forgets, carriesOut }: { readonly forgets: boolean; readonly carriesOut: boolean }): void {
      if (forgets) objects.delete(NIGHT);
      for (const agent of agents.values()) {
        if (carriesOut && agent.deciding !== undefined) decide(agent, agent.deciding.type);
        agent.deciding = undefined;
      }
      queues = begin();
    },
  };
  return world;
}

const name = fc.constantFrom(...NAMES);
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constant('take' as const), name }) },
  { weight: 8, arbitrary: fc.record({ type: fc.constant('conclude' as const), name }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constant('work' as const) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('die' as const), name, finished: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('suspend' as const), name, suspended: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('drain' as const), wanted: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('crash' as const), forgets: fc.boolean(), carriesOut: fc.boolean() }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

async function walk(world: ReturnType<typeof createWorld>, one: Step): Promise<void> {
  switch (one.type) {
    case 'take':
      return world.take(one.name);
    case 'conclude':
      return world.conclude(one.name);
    case 'work':
      return world.work();
    case 'die':
      return world.die(one.name, one.finished);
    case 'suspend':
      return world.suspend(one.name, one.suspended);
    case 'drain':
      return world.drain(one.wanted);
    case 'crash':
      return world.crash(one);
  }
}

describe('whatever comes between the steps of projects, queue and controller', () => {
  test('[S6] [S20] never does one more run than may', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 50, maxLength: 120, size: 'max' }), async (steps) => {
        const world = createWorld();
        for (const one of steps) {
          await walk(world, one);
          expect(world.alive()).toBeLessThanOrEqual(LIMIT);
        }
      }),
      { numRuns: 1500 },
    );
  });

  test('left alone, everything that would run gets its turn, by hints alone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
        const world = createWorld();
        for (const one of steps) await walk(world, one);
        world.drain(false);
        // A changed spec hints at its object, a start at all of them.
        world.crash({ forgets: false, carriesOut: false });
        for (const each of [NIGHT, ...NAMES.map((one) => keyOf('Project', one))]) world.hinted.add(each);
        for (const one of NAMES) world.suspend(one, false);
        for (let round = 0; round < 200; round += 1) {
          const due = [...world.hinted];
          for (const key of due) {
            if (key === NIGHT) await world.work();
            else {
              world.hinted.delete(key);
              world.take(nameOf(key));
              world.conclude(nameOf(key));
            }
          }
          // What runs comes to its end, and that is a hint as well.
          for (const one of NAMES) {
            if (world.agents.get(one)?.alive !== true) continue;
            world.die(one, true);
            world.hinted.add(keyOf('Project', one));
          }
        }
        expect([...world.agents.values()].map(({ finished }) => finished)).toEqual(NAMES.map(() => true));
      }),
      { numRuns: 200 },
    );
  });
});
