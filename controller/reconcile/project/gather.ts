import type { Desired, DesiredAgent } from '../../api/desired.ts';
import type { AgentStatus, ProjectStatus } from '../../api/generated/all.ts';
import type {
  LaunchObstacle,
  Look,
  MarkedProcess,
  ObservedPane,
  ObservedProject,
  ObservedTmux,
  ProbeResult,
} from '../../api/observed.ts';
import { runStartedAt } from '../../api/observed.ts';

/** The eyes as a Project needs them. */
export interface ProjectEyes {
  tmux(request: {
    readonly project: string;
    readonly server: string | undefined;
    readonly notBefore: number;
    readonly knownEnds: ReadonlySet<string>;
  }): Promise<Look<ObservedTmux>>;
  /** By a look that began at most so many milliseconds ago. */
  processes(maxAgeMs: number): Promise<Look<readonly MarkedProcess[]>>;
  obstacles(agents: readonly DesiredAgent[]): Promise<LaunchObstacle[]>;
  probes(uid: string): readonly ProbeResult[];
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
  const ends = (previous?.agents ?? []).flatMap(({ lastExit }) => (lastExit === undefined ? [] : [lastExit.run]));
  return eyes.tmux({ ...request, knownEnds: new Set(ends) });
}

export interface GatherInput {
  readonly uid: string;
  readonly desired: Desired;
  readonly previous: ProjectStatus | undefined;
  readonly tmux: Look<ObservedTmux>;
  readonly now: number;
}

/** Everything else that the decision needs; what it does not need is not looked at. */
export async function gather(eyes: ProjectEyes, input: GatherInput): Promise<ObservedProject> {
  const { uid, desired, previous, tmux, now } = input;
  if (tmux.state === 'Unknown') return { tmux, obstacles: [], probes: [] };
  const agents = desired.type === 'Present' ? desired.project.agents : [];
  const own = tmux.value.panes.filter((pane) => pane.mark?.uid === uid);
  const down = agents.filter(({ name }) => !own.some((pane) => pane.mark?.agent === name && !pane.dead));
  const processes = await lookAtProcesses(eyes, { previous, own, now });
  const panes = await Promise.all(tmux.value.panes.map((pane) => redacted(eyes, pane, agents)));
  return {
    tmux: { ...tmux, value: { ...tmux.value, panes } },
    ...(processes !== undefined && { processes: ofProject(processes, uid) }),
    obstacles: down.length === 0 ? [] : await eyes.obstacles(down),
    probes: eyes.probes(uid),
  };
}

interface ProcessQuestion {
  readonly previous: ProjectStatus | undefined;
  readonly own: readonly ObservedPane[];
  readonly now: number;
}

/** An agent that is to be started again is not kept waiting for a walk through the process table. */
async function lookAtProcesses(eyes: ProjectEyes, { previous, own, now }: ProcessQuestion) {
  const agents = previous?.agents ?? [];
  if (agents.some(({ termination }) => termination !== undefined)) return eyes.processes(0);
  if (own.some((pane) => isNewEnd(pane, agents))) return undefined;
  const runs = new Map(own.filter((pane) => !pane.dead).map((pane) => [pane.mark?.agent, pane.mark?.run]));
  const left = agents.filter((agent) => agent.leftovers !== undefined || mayHaveLeft(agent, runs.get(agent.name), now));
  if (left.length === 0) return undefined;
  // A look from before the present run would show the one before it as if it still lived.
  const latest = Math.max(...left.map(({ name }) => runStartedAt(runs.get(name) ?? '') ?? 0));
  return eyes.processes(Math.min(STALE_MS, Math.max(0, now - latest)));
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
  const ended = lastExit === undefined ? 0 : Date.parse(lastExit.finishedAt);
  return now - Math.max(ended, runStartedAt(run ?? '') ?? 0) < LEFTOVERS_MS;
}

function ofProject(look: Look<readonly MarkedProcess[]>, uid: string): Look<readonly MarkedProcess[]> {
  if (look.state === 'Unknown') return look;
  return { ...look, value: look.value.filter((process) => process.uid === uid) };
}

async function redacted(eyes: ProjectEyes, pane: ObservedPane, agents: readonly DesiredAgent[]): Promise<ObservedPane> {
  if (pane.output === undefined || pane.output.length === 0) return pane;
  const agent = agents.find(({ name }) => name === pane.mark?.agent);
  return { ...pane, output: await eyes.redact(agent, pane.output) };
}
