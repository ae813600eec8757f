/** Specs of the simulated world: what stands in the files, and what a controller has seen of it. */
import type { Desired, DesiredAgent, DesiredProject } from '../../controller/api/desired.ts';
import type { ProjectSpec, Queue } from '../../controller/api/generated/all.ts';
import { type Key, keyOf } from '../../controller/api/key.ts';
import { hashOf } from '../../controller/api/metadata.ts';
import { courseOf, inputsOf } from '../../controller/api/normalise-course.ts';
import { completionOf } from '../../controller/api/normalise-git.ts';
import type { SpecSource } from '../../controller/runtime/ports.ts';
import { type Arrivals, noteArrivals } from '../../controller/store/specs/arrivals.ts';
import { ABSENT, CONFIRM_MS, lookAgain, type Sighting } from '../../controller/store/specs/sightings.ts';
import type { Program } from './machine.ts';
import type { SimClock } from './sim-clock.ts';
import { MODEL } from './sim-health.ts';
import { createQueueFile, QUEUE, type QueueFile, queueOf } from './sim-queue.ts';

export interface AgentSpec {
  readonly name: string;
  readonly program: Program;
  readonly version: number;
  readonly policy: DesiredAgent['restartPolicy'];
  /** Default: shell, which has no account and says nothing of itself. */
  readonly class?: 'shell' | 'model';
}

/** What a spec says of the project's course. */
export type CourseSpec = Partial<
  Pick<
    ProjectSpec,
    | 'deadline'
    | 'retry'
    | 'suspend'
    | 'suspendPolicy'
    | 'sessionAfterFinished'
    | 'ttlAfterFinished'
    | 'goal'
    | 'completion'
    | 'queue'
    | 'priority'
    | 'hold'
    | 'dependsOn'
  >
>;

export interface SpecFiles {
  readonly wanted: Map<string, DesiredProject>;
  readonly queue: QueueFile;
  /** Since when (elapsed) exactly this is wanted of an agent: `project/agent`. */
  readonly since: Map<string, { readonly hash: string; readonly at: number }>;
  /** What controllers saw last, kept with the last good versions in the state directory. */
  sightings: Map<string, Sighting>;
  /** Told of each change; a hint that may get lost. */
  onEdit: () => void;
}

const STOP = { graceMs: 1000 } as const;
const BACKOFF = { initialMs: 100, maxMs: 2000, resetAfterMs: 3000 } as const;

export function createSpecFiles(): SpecFiles {
  return {
    wanted: new Map(),
    queue: createQueueFile(),
    since: new Map(),
    sightings: new Map(),
    onEdit: () => undefined,
  };
}

export interface Edited {
  readonly project: string;
  /** Without agents, the spec is removed. */
  readonly agents: readonly AgentSpec[] | undefined;
  readonly course?: CourseSpec;
}

export function writeSpec(files: SpecFiles, clock: SimClock, { project: name, agents, course = {} }: Edited): void {
  if (agents === undefined) files.wanted.delete(name);
  else files.wanted.set(name, project(name, agents, course));
  const wanted = files.wanted.get(name)?.agents ?? [];
  for (const key of files.since.keys()) {
    if (key.startsWith(`${name}/`) && !wanted.some((agent) => key === `${name}/${agent.name}`)) files.since.delete(key);
  }
  for (const agent of wanted) {
    const key = `${name}/${agent.name}`;
    if (files.since.get(key)?.hash === agent.launchHash) continue;
    files.since.set(key, { hash: agent.launchHash, at: clock.elapsed() });
  }
  files.onEdit();
}

function project(name: string, agents: readonly AgentSpec[], course: CourseSpec): DesiredProject {
  const desired = agents.map(({ name: agent, program, version, policy, class: ofClass = 'shell' }): DesiredAgent => {
    const argv = [program, `${version}`];
    return {
      name: agent,
      class: ofClass,
      argv,
      args: [],
      workingDir: '/',
      env: [],
      restartPolicy: policy,
      backoff: BACKOFF,
      stop: STOP,
      program: ofClass === 'model' ? MODEL.spec : {},
      approvals: [],
      checkIns: [],
      launchHash: hashOf([argv, ofClass]),
    };
  });
  const completion = completionOf({ ...course, agents: agents.map(({ name: agent }) => ({ name: agent })) });
  return {
    name,
    labels: {},
    annotations: {},
    agents: desired,
    course: courseOf({ ...course, agents: [] }),
    ...(completion !== undefined && { completion }),
    specHash: hashOf({ agents, course }),
    inputs: inputsOf({ ...course, agents: [{ name: hashOf(agents) }] }),
  };
}

/** A controller's view of the files: looks when it is told to, and once more to be sure of what it saw. */
export function createSimSpecs(files: SpecFiles, clock: SimClock, after: SimClock['after']): SpecSource {
  let wanted = new Map<string, DesiredProject>();
  let arrivals: Arrivals = new Map();
  let queue: Queue | undefined;
  let tell: (keys: readonly Key[]) => void = () => undefined;
  let strangers: Sighting | undefined;
  let cancel: () => void = () => undefined;

  function look(): Promise<void> {
    const times = { began: clock.now(), ended: clock.now() };
    wanted = new Map(files.wanted);
    const keys = new Map([...wanted.keys()].map((name) => [keyOf('Project', name), name] as const));
    arrivals = noteArrivals(arrivals, { wanted: keys }, times.ended);
    const before = files.sightings;
    files.sightings = new Map();
    const changed: Key[] = [];
    for (const name of new Set([...before.keys(), ...wanted.keys()])) {
      const sighting = lookAgain(before.get(name), wanted.get(name)?.specHash ?? ABSENT, times);
      files.sightings.set(name, sighting);
      const { content, confirmed } = before.get(name) ?? {};
      if (content !== sighting.content || confirmed !== sighting.confirmed) changed.push(keyOf('Project', name));
    }
    const queueBefore = queue;
    queue = queueOf(files.queue);
    if (queueBefore?.spec !== queue?.spec) changed.push(keyOf('Queue', QUEUE));
    strangers = lookAgain(strangers, ABSENT, times);
    if (changed.length > 0) tell(changed);
    cancel();
    const open = [...files.sightings.values(), strangers].some(({ confirmed }) => !confirmed);
    if (open) cancel = after(CONFIRM_MS, () => void look());
    return Promise.resolve();
  }

  return {
    start(_signal, changed) {
      tell = changed;
      // What an earlier controller was sure of has to be seen again.
      files.sightings = new Map([...files.sightings].map(([name, seen]) => [name, { ...seen, confirmed: false }]));
      files.onEdit = () => void after(150, () => void look());
      return look();
    },
    reload: look,
    keys: () => [
      ...[...wanted.keys()].map((name) => keyOf('Project', name)),
      keyOf('AgentClass', MODEL.metadata.name),
      ...(queue === undefined ? [] : [keyOf('Queue', QUEUE)]),
    ],
    arrival: (key) => arrivals.get(key),
    desiredProject(name): Desired {
      const found = wanted.get(name);
      const sighting = files.sightings.get(name) ?? strangers;
      if (found === undefined) return { type: 'Absent', confirmed: sighting?.content === ABSENT && sighting.confirmed };
      return { type: 'Present', project: found, confirmed: sighting?.confirmed ?? false };
    },
    agentClass: () => undefined,
    project(name) {
      const found = wanted.get(name)?.course;
      if (found === undefined) return undefined;
      const { dependsOn, queue: of } = found;
      const spec = { agents: [], dependsOn: [...dependsOn], ...(of !== undefined && { queue: of }) };
      return { apiVersion: 'muxlet.dev/v1alpha1', kind: 'Project', metadata: { name }, spec };
    },
    message: () => undefined,
    queue: (name) => (name === QUEUE ? queue : undefined),
    gitSource: () => undefined,
    alert: () => undefined,
    folderOf: () => undefined,
    problems: () => [],
  };
}
