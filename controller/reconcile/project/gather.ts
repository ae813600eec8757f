import type { Admission } from '../../api/admission.ts';
import type { AgentReading } from '../../api/agent-reading.ts';
import type { SignLooks } from '../../api/completing.ts';
import type { Desired, DesiredAgent } from '../../api/desired.ts';
import type { FinishLook } from '../../api/finishing.ts';
import type { AgentReport, AgentStatus, Exit, ProjectStatus } from '../../api/generated/all.ts';
import { type HealthLook, NOTHING_OF_HEALTH } from '../../api/health.ts';
import type { Mail } from '../../api/mail.ts';
import type {
  LaunchObstacle,
  Look,
  MarkedProcess,
  ObservedPane,
  ObservedProject,
  ObservedTmux,
  ProbeResult,
  ProcessRef,
} from '../../api/observed.ts';
import { runStartedAt } from '../../api/observed.ts';
import type { GitLooks, WorkspaceLook } from '../../api/workspace.ts';
import { holdOf } from './holding.ts';
import { treeObstacles } from './tree-obstacles.ts';

/** The eyes as a Project needs them. */
export interface ProjectEyes {
  tmux(request: {
    readonly project: string;
    readonly server: string | undefined;
    readonly notBefore: number;
    readonly agents: readonly string[] | undefined;
    readonly knownEnds: ReadonlySet<string>;
  }): Promise<Look<ObservedTmux>>;
  /** The last lines that a pane's present run has printed. */
  output(pane: ObservedPane): Promise<readonly string[]>;
  /** The project's, by a look that began at most so many milliseconds ago. */
  processes(uid: string, maxAgeMs: number): Promise<Look<readonly MarkedProcess[]>>;
  /** Whether this very process runs; one that is just ending does not. */
  lives?(process: ProcessRef): boolean;
  /** Whether processes of the project were seen whose run has no living pane. */
  isZombie?(uid: string): boolean;
  /** Whether it is certain that the run is the first that its agent ever had. */
  isFirstRun?(uid: string, agent: string, run: string): boolean;
  /** What keeps agents that have no process from being started. */
  obstacles(
    agents: readonly DesiredAgent[],
    place: {
      readonly project: string;
      readonly uid: string;
      readonly previous: readonly AgentStatus[];
      /** None of them is to be started now: they take nobody's turn. */
      readonly standing: boolean;
    },
  ): Promise<LaunchObstacle[]>;
  probes(uid: string): readonly ProbeResult[];
  readings(uid: string): readonly AgentReading[];
  health(question: {
    readonly uid: string;
    readonly agents: readonly DesiredAgent[];
    readonly panes: readonly ObservedPane[];
  }): HealthLook;
  /** The controller's own words to an agent, whose uid this is. */
  words(uid: string): readonly Mail[];
  /** What each agent last said of itself, by its name. */
  reports(uid: string): ReadonlyMap<string, AgentReport>;
  /** The project's work trees. */
  workspace?(uid: string): WorkspaceLook | undefined;
  /** What git says of the agents' directories; undefined: nobody knows yet which those are. */
  git?(uid: string): GitLooks | undefined;
  /** What was seen of the signs of finished work. */
  signs?(uid: string): SignLooks;
  /** How the latest round stands of what is done with finished work. */
  finish?(uid: string): FinishLook | undefined;
  /** Takes the secret values of an agent out of what it printed. */
  redact(agent: DesiredAgent | undefined, lines: readonly string[]): Promise<readonly string[]>;
}

/** How long after the start of the next run an agent's former children are looked for, in milliseconds. */
const LEFTOVERS_MS = 15_000;
/** How old a look at all processes may be where nothing hangs on it. */
const STALE_MS = 1000;

/** Looks at tmux for one project. Runs before the project's identity is settled, since marks are part of it. */
export function lookAtTmux(
  eyes: ProjectEyes,
  request: { readonly project: string; readonly server: string | undefined; readonly notBefore: number },
  previous: ProjectStatus | undefined,
): Promise<Look<ObservedTmux>> {
  const agents = previous?.agents.map(({ name }) => name);
  return eyes.tmux({ ...request, agents, knownEnds: knownEnds(previous) });
}

function knownEnds(previous: ProjectStatus | undefined): ReadonlySet<string> {
  return new Set((previous?.agents ?? []).flatMap(({ lastExit }) => (lastExit === undefined ? [] : [lastExit.run])));
}

export interface GatherInput {
  readonly uid: string;
  readonly desired: Desired;
  readonly previous: ProjectStatus | undefined;
  readonly tmux: Look<ObservedTmux>;
  readonly admission: Admission;
  readonly now: number;
}

/** Everything else that the decision needs; what it does not need is not looked at. */
export async function gather(eyes: ProjectEyes, input: GatherInput): Promise<ObservedProject> {
  const { uid, desired, previous, tmux, now } = input;
  if (tmux.state === 'Unknown') return { tmux, obstacles: [], probes: [], readings: [], health: NOTHING_OF_HEALTH };
  const agents = desired.type === 'Present' ? desired.project.agents : [];
  const project = desired.type === 'Present' ? desired.project.name : '';
  const own = tmux.value.panes.filter((pane) => pane.mark?.uid === uid);
  const wanted = isAtItsEnd(desired, previous) ? [] : agents;
  const down = wanted.filter(({ name }) => !own.some((pane) => pane.mark?.agent === name && !pane.dead));
  const health = eyes.health({ uid, agents, panes: own });
  // Who is held by the account takes nobody's turn among those that start.
  const free = down.filter((agent) => {
    const known = previous?.agents.find(({ name }) => name === agent.name);
    return holdOf({ desired, health }, agent, known) === undefined;
  });
  // Nor does who has no directory yet to be started in.
  const git = ofGit(eyes, uid);
  const homeless = treeObstacles(free, git.workspace);
  const housed = free.filter(({ name }) => !homeless.some(({ agent }) => agent === name));
  const ends = knownEnds(previous);
  const over = housed.filter((agent) => hasJustDone(agent, own, previous));
  const asked = housed.filter((agent) => !over.includes(agent));
  const place = { project, uid, previous: previous?.agents ?? [], standing: input.admission.type !== 'Admitted' };
  // Asked all at once: an agent that is to be started again waits for the slowest of them, not for one after the other.
  const [processes, obstacles, panes] = await Promise.all([
    lookAtProcesses(eyes, { uid, previous, own, now }),
    asked.length === 0 ? [] : eyes.obstacles(asked, place),
    Promise.all(
      tmux.value.panes.map(async (pane) => (isNewlyOver(pane, uid, ends) ? withOutput(eyes, pane, agents) : pane)),
    ),
  ]);
  const readings = eyes.readings(uid);
  const outlived = whoOutlived(eyes, previous, own);
  return {
    tmux: { ...tmux, value: { ...tmux.value, panes } },
    ...(processes !== undefined && { processes }),
    ...(outlived.length > 0 && { outlived }),
    obstacles: [...homeless, ...obstacles, ...over.map(notChecked)],
    probes: eyes.probes(uid),
    readings,
    health,
    reports: eyes.reports(uid),
    words: wordsOf(eyes, previous, readings),
    ...git,
  };
}

/** It has its result, and nothing that would have it begin anew has changed: nobody is to be started, whatever is in the way. */
function isAtItsEnd(desired: Desired, previous: ProjectStatus | undefined): boolean {
  const { run } = previous ?? {};
  if (desired.type !== 'Present' || run?.stage !== 'Finished') return false;
  return !desired.confirmed || run.inputs === desired.project.inputs;
}

/**
 * It has just ended by itself, and its policy wants no more: it is over, unless somebody asked otherwise in this very
 * moment. The next look finds the end on record, and asks what is in its way.
 */
function hasJustDone(agent: DesiredAgent, own: readonly ObservedPane[], previous: ProjectStatus | undefined): boolean {
  const { name, restartPolicy, launchHash } = agent;
  const known = previous?.agents.find((candidate) => candidate.name === name);
  const panes = own.flatMap((pane) => (pane.mark?.agent === name ? { ...pane, mark: pane.mark } : []));
  const [latest] = panes.toSorted((one, other) => (one.mark.run < other.mark.run ? 1 : -1));
  if (latest === undefined || known?.termination !== undefined || known?.lastExit?.run === latest.mark.run)
    return false;
  if (!latest.dead || latest.mark.hash !== launchHash) return false;
  return restartPolicy === 'Never' || (restartPolicy === 'OnFailure' && latest.exitCode === 0);
}

function notChecked({ name }: DesiredAgent): LaunchObstacle {
  return {
    agent: name,
    reason: 'NotChecked',
    message: 'it has just ended; what it would be started with is looked at next',
  };
}

/** A terminal that goes tells its process to end, and not every one does: see `ObservedProject.outlived`. */
function whoOutlived(
  eyes: Pick<ProjectEyes, 'lives'>,
  previous: ProjectStatus | undefined,
  own: readonly ObservedPane[],
): readonly string[] {
  return (previous?.agents ?? [])
    .filter(({ name }) => !own.some(({ mark }) => mark?.agent === name))
    .filter(({ pid, processStart: startTime }) => {
      return pid !== undefined && startTime !== undefined && eyes.lives?.({ pid, startTime }) === true;
    })
    .map(({ name }) => name);
}

/** Looked for by others, on timers of their own: git and commands take their time, and nobody waits for them here. */
function ofGit(eyes: ProjectEyes, uid: string): Pick<ObservedProject, 'workspace' | 'git' | 'signs' | 'finish'> {
  const workspace = eyes.workspace?.(uid);
  const git = eyes.git?.(uid);
  const signs = eyes.signs?.(uid);
  const finish = eyes.finish?.(uid);
  return {
    ...(workspace !== undefined && { workspace }),
    ...(git !== undefined && { git }),
    ...(signs !== undefined && { signs }),
    ...(finish !== undefined && { finish }),
  };
}

/** Looked for only where something was begun to be said. */
function wordsOf(
  eyes: ProjectEyes,
  previous: ProjectStatus | undefined,
  readings: readonly AgentReading[],
): ReadonlyMap<string, Mail> {
  const untold = new Set(readings.flatMap((reading) => (reading.untold === true ? [reading.agent] : [])));
  const told = (previous?.agents ?? []).filter(
    ({ name, context, failedTurn }) =>
      context?.compaction !== undefined || failedTurn !== undefined || untold.has(name),
  );
  return new Map(told.flatMap(({ uid }) => eyes.words(uid)).map((mail) => [mail.id, mail]));
}

interface ProcessQuestion {
  readonly uid: string;
  readonly previous: ProjectStatus | undefined;
  readonly own: readonly ObservedPane[];
  readonly now: number;
}

/** An agent that is to be started again is not kept waiting for a walk through the process table. */
async function lookAtProcesses(eyes: ProjectEyes, { uid, previous, own, now }: ProcessQuestion) {
  const agents = previous?.agents ?? [];
  if (agents.some(({ termination }) => termination !== undefined)) return eyes.processes(uid, 0);
  if (own.some((pane) => isNewEnd(pane, agents))) return undefined;
  const runs = new Map(own.filter((pane) => !pane.dead).map((pane) => [pane.mark?.agent, pane.mark?.run]));
  const left = agents.filter((agent) => {
    const run = runs.get(agent.name);
    if (agent.leftovers !== undefined) return true;
    return mayHaveLeft(agent, run, now) && !(run !== undefined && eyes.isFirstRun?.(uid, agent.name, run) === true);
  });
  if (left.length === 0) return eyes.isZombie?.(uid) === true ? eyes.processes(uid, STALE_MS) : undefined;
  // A look from before the present run would show the one before it as if it still lived; one from before an end shows
  // none of what came later.
  const latest = Math.max(...left.flatMap(({ name, lastExit }) => [endedAt(lastExit), startedAt(runs.get(name))]));
  return eyes.processes(uid, Math.min(STALE_MS, Math.max(0, now - latest)));
}

/** The next look, with this end on record, asks for what it or another agent left behind. */
function isNewEnd({ dead, process, mark }: ObservedPane, agents: readonly AgentStatus[]): boolean {
  const ended = dead || process === 'Zombie' || process === 'Gone';
  return ended && agents.some(({ name, lastExit }) => name === mark?.agent && lastExit?.run !== mark.run);
}

function mayHaveLeft({ lastExit, run: latest }: AgentStatus, run: string | undefined, now: number): boolean {
  // Down, and its end on record: it stays down for good, or for a while.
  const over = run === undefined ? lastExit !== undefined && lastExit.run === latest : run !== lastExit?.run;
  if (!over) return false;
  // Counted from the new run and not from the end alone: in a crash loop there are minutes between the two.
  // An end need not be on record: the run before may have come and gone between two looks.
  return now - Math.max(endedAt(lastExit), startedAt(run)) < LEFTOVERS_MS;
}

function endedAt(exit: Exit | undefined): number {
  return exit === undefined ? 0 : Date.parse(exit.finishedAt);
}

function startedAt(run: string | undefined): number {
  return runStartedAt(run ?? '') ?? 0;
}

/** The run has ended, as far as can be known, and that is not on record yet: its last lines will be. */
function isNewlyOver({ dead, exitCode, signal, process, mark }: ObservedPane, uid: string, ends: ReadonlySet<string>) {
  if (!dead || mark?.uid !== uid || ends.has(mark.run)) return false;
  return exitCode !== undefined || signal !== undefined || process === 'Gone';
}

async function withOutput(eyes: ProjectEyes, pane: ObservedPane, agents: readonly DesiredAgent[]) {
  const lines = await eyes.output(pane);
  if (lines.length === 0) return { ...pane, output: lines };
  const agent = agents.find(({ name }) => name === pane.mark?.agent);
  return { ...pane, output: await eyes.redact(agent, lines) };
}
