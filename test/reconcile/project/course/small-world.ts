/** A project's agents as far as a decision sees them, and a decision after the other with what it asks for carried out. */
import type { Action } from '../../../../controller/api/action.ts';
import { type Admission, NOT_QUEUED, type Overlay } from '../../../../controller/api/admission.ts';
import type { Decision, ProjectInput } from '../../../../controller/api/decision.ts';
import type { DesiredAgent, DesiredProject } from '../../../../controller/api/desired.ts';
import type { FinishRequest } from '../../../../controller/api/finish-request.ts';
import type { ProjectSpec, ProjectStatus } from '../../../../controller/api/generated/all.ts';
import type { AccountState } from '../../../../controller/api/health.ts';
import { keyOf } from '../../../../controller/api/key.ts';
import { hashOf } from '../../../../controller/api/metadata.ts';
import { courseOf, inputsOf } from '../../../../controller/api/normalise-course.ts';
import type { MarkedProcess, ObservedPane, ObservedProject } from '../../../../controller/api/observed.ts';
import type { Word } from '../../../../controller/api/word.ts';
import { decideProject } from '../../../../controller/reconcile/project/decide.ts';
import { createTally, type Tally } from '../../../../controller/runtime/tally.ts';

export const NOW = 1_700_000_000_000;
const UID = 'u';
const KEY = keyOf('Project', 'web');
const NAMES = ['a', 'b'] as const;
export type Name = (typeof NAMES)[number];

export type CourseSpec = Partial<Omit<ProjectSpec, 'agents'>>;

export interface SmallWorld {
  now: number;
  policy: DesiredAgent['restartPolicy'];
  spec: CourseSpec;
  /** Another one is another command. */
  version: number;
  confirmed: boolean;
  admission: Admission;
  overlay: Overlay;
  isVisible: boolean;
  isHeld: boolean;
  /** Of what else is wanted, seen of git and of signs, and said. */
  extra: Partial<DesiredProject>;
  seen: Partial<ObservedProject>;
  readonly requests: FinishRequest[];
  readonly said: Word[];
  readonly stuck: Set<Name>;
  /** The last sign of work of all that run. */
  beatAt: number | undefined;
  status: ProjectStatus | undefined;
  readonly panes: Map<string, ObservedPane>;
  hasSession: boolean;
  runs: number;
  /** What a clock says that nobody sets, in milliseconds. */
  steady: number;
  readonly tally: Tally;
}

export function smallWorld(changes: Partial<SmallWorld> = {}): SmallWorld {
  const world: SmallWorld = {
    now: NOW,
    policy: 'Never',
    spec: {},
    version: 1,
    confirmed: true,
    admission: NOT_QUEUED,
    overlay: {},
    isVisible: true,
    isHeld: false,
    extra: {},
    seen: {},
    requests: [],
    said: [],
    stuck: new Set(),
    beatAt: undefined,
    status: undefined,
    panes: new Map(),
    hasSession: false,
    runs: 0,
    steady: 0,
    tally: createTally(() => world.steady),
    ...changes,
  };
  return world;
}

export function projectOf({ policy, spec, version, extra }: SmallWorld): DesiredProject {
  const agents = NAMES.map(
    (name): DesiredAgent => ({
      name,
      class: 'model',
      argv: ['work', String(version)],
      args: [],
      workingDir: '/',
      env: [],
      restartPolicy: policy,
      backoff: { initialMs: 0, maxMs: 0, resetAfterMs: 0 },
      stop: { graceMs: 1000 },
      program: { health: { maxRecoveriesPerHour: 1 } },
      approvals: [],
      checkIns: [],
      launchHash: hashOf(version),
    }),
  );
  const whole = { ...spec, agents: [] } as unknown as ProjectSpec;
  const course = courseOf(whole);
  const inputs = inputsOf({ ...whole, agents: [{ name: policy, briefing: String(version) }] });
  const specHash = hashOf({ spec, version, ...extra });
  return { name: 'web', labels: {}, annotations: {}, agents, course, specHash, inputs, ...extra };
}

/** One decision, `ms` after the last by the time of day, and `passed` by a clock that nobody sets. */
export function step(world: SmallWorld, ms = 0, passed = Math.max(0, ms)): Decision {
  world.now += ms;
  world.steady += passed;
  const decision = decideProject(inputOf(world));
  world.status = decision.status;
  world.tally.written(KEY, decision.status.run);
  world.said.push(...decision.words);
  for (const action of decision.actions) carryOut(world, action);
  return decision;
}

/** Decisions until nothing is done any more. */
export function settle(world: SmallWorld): Decision {
  for (let left = 30; left > 0; left -= 1) {
    const before = world.status?.run?.stage;
    const decision = step(world, 20);
    const moves = decision.lookAgain?.type === 'WhileSettling' || decision.status.run?.stage !== before;
    // A round that nobody begins is asked for again and again.
    if (decision.actions.every(({ type }) => type === 'FinishWork') && !moves) return decision;
  }
  throw new Error('it does not come to rest');
}

export function end(world: SmallWorld, name: Name, exitCode: number): void {
  for (const [id, pane] of world.panes) {
    if (pane.mark?.agent === name && !pane.dead)
      world.panes.set(id, { ...pane, dead: true, process: 'Gone', exitCode });
  }
}

/** The session goes, with all that runs in it. */
export function lose(world: SmallWorld): void {
  world.panes.clear();
  world.hasSession = false;
}

export function revive(world: SmallWorld, name: Name): void {
  for (const [id, { exitCode: _exitCode, ...pane }] of world.panes) {
    if (pane.mark?.agent === name && pane.dead) world.panes.set(id, { ...pane, dead: false, process: 'Alive' });
  }
}

export function living(world: SmallWorld): string[] {
  return [...world.panes.values()].filter(({ dead }) => !dead).map(({ mark }) => mark?.agent ?? '');
}

function inputOf(world: SmallWorld): ProjectInput {
  const { now, beatAt, status } = world;
  const panes = [...world.panes.values()];
  const live = panes.filter(({ dead }) => !dead);
  const account: AccountState = { class: 'model', restarting: [], ...(world.isHeld && { loginLostAt: now - 1000 }) };
  const session = { server: 'main', id: '$1', name: 'web', uid: UID, project: 'web', windows: panes.length };
  const runs = live.map(({ mark }) => ({ agent: mark?.agent ?? '', run: mark?.run ?? '' }));
  return {
    meta: { name: 'web', uid: UID, generation: 1, creationTimestamp: new Date(NOW).toISOString(), finalizers: [] },
    desired: { type: 'Present', project: projectOf(world), confirmed: world.confirmed },
    previous: status,
    stops: new Map(),
    observed: {
      tmux: world.isVisible
        ? { state: 'Known', at: now, value: { sessions: world.hasSession ? [session] : [], panes } }
        : { state: 'Unknown', at: now, reason: 'TmuxUnresponsive', message: 'no answer' },
      processes: { state: 'Known', at: now, value: live.map(processOf) },
      obstacles: [],
      probes: [],
      readings: [],
      health: {
        accounts: [account],
        vitals: runs.map(({ agent, run }) => ({
          agent,
          run,
          ...(world.stuck.has(agent as Name) && { stuck: { reason: 'Hung', message: 'nothing moves', since: now } }),
        })),
        ...(beatAt !== undefined && { signs: runs.map((run) => ({ ...run, at: beatAt })) }),
        outOfMemory: [],
      },
      ...world.seen,
    },
    server: 'main',
    admission: world.admission,
    overlay: world.overlay,
    failure: undefined,
    now,
    uncountedMs: world.tally.since(KEY, status?.run),
  };
}

function processOf({ pid, mark }: ObservedPane): MarkedProcess {
  const { uid = UID, agent = '', run = '' } = mark ?? {};
  return { pid, startTime: String(pid), uid, agent, run, command: 'work' };
}

function carryOut(world: SmallWorld, action: Action): void {
  switch (action.type) {
    case 'CreateSession':
      world.hasSession = true;
      for (const agent of action.agents) start(world, agent, `%${agent.name}`);
      return;
    case 'CreateWindow':
    case 'SplitWindow':
      start(world, action.agent, `%${action.agent.name}`);
      return;
    case 'RespawnPane':
      start(world, action.agent, action.pane.id);
      return;
    case 'Signal':
      for (const [id, pane] of world.panes) {
        const isMeant = action.processes.some(({ pid }) => pid === pane.pid);
        if (isMeant && !pane.dead) world.panes.set(id, { ...pane, dead: true, process: 'Gone', signal: 15 });
      }
      return;
    case 'KillSession':
    case 'ReleaseSession':
      lose(world);
      return;
    case 'KillPane':
    case 'KillWindow':
      world.panes.delete(action.pane.id);
      return;
    case 'FinishWork':
      world.requests.push(action.request);
      return;
    case 'RenameSession':
    case 'RenameWindow':
    case 'MarkWindow':
    case 'MoveWindow':
    case 'SwapWindows':
    case 'BreakPane':
    case 'LinkWindow':
    case 'RestoreSession':
    case 'RemovePlaceholder':
    case 'Finish':
    case 'ArrangeWorkTrees':
    case 'Answer':
    case 'WakeServer':
  }
}

function start(world: SmallWorld, agent: DesiredAgent, id: string): void {
  world.runs += 1;
  const index = NAMES.indexOf(agent.name as Name);
  world.panes.set(id, {
    server: 'main',
    sessionId: '$1',
    windowId: `@${index}`,
    windowIndex: index,
    windowName: agent.name,
    windowPanes: 1,
    windowAgent: agent.name,
    windowUid: UID,
    id,
    pid: 100 + world.runs,
    processStart: String(100 + world.runs),
    process: 'Alive',
    dead: false,
    mark: { uid: UID, project: 'web', agent: agent.name, hash: agent.launchHash, run: `${world.now}-${world.runs}` },
  });
}
