import type { AgentReading } from '../../api/agent-reading.ts';
import type { ProjectInput } from '../../api/decision.ts';
import type { DesiredAgent, StopPolicy } from '../../api/desired.ts';
import type { AgentStatus, Exit } from '../../api/generated/all.ts';
import type { AccountState, Stuck } from '../../api/health.ts';
import type { LaunchObstacle, Look, MarkedProcess, ObservedTmux, ProbeResult } from '../../api/observed.ts';
import { isRestartAsked } from './asked.ts';
import { newExit } from './exits.ts';
import { failuresOf } from './failures.ts';
import { accountFor, type Hold, holdOf } from './holding.ts';
import { type Life, lifeOf, type OwnPane } from './life.ts';
import { recoveriesOf } from './recovery.ts';

/** Everything about one agent that the decision and the status are made from. */
export interface AgentView {
  readonly name: string;
  /** Absent if the spec no longer names the agent. */
  readonly desired: DesiredAgent | undefined;
  readonly previous: AgentStatus | undefined;
  readonly stop: StopPolicy;
  readonly life: Life;
  /** Processes of the agent by our mark, of all its runs; undefined if nobody looked. */
  readonly processes: Look<readonly MarkedProcess[]> | undefined;
  /** Its terminal is gone and its first process is not: another one beside it would be two of one agent. */
  readonly hasOutlived: boolean;
  readonly obstacle: LaunchObstacle | undefined;
  readonly probe: ProbeResult | undefined;
  /** What its own sources say of this run. */
  readonly reading: AgentReading | undefined;
  readonly account: AccountState | undefined;
  /** Why it is not started, if that lies in its account. */
  readonly hold: Hold | undefined;
  readonly stuck: Stuck | undefined;
  /** When it was recovered within the last hour, the run that has just ended included. */
  readonly recoveries: readonly string[];
  readonly restarts: number;
  /** Of those, by the kind of end before each. */
  readonly restartsByEnd: Readonly<Record<string, number>>;
  readonly lastExit: Exit | undefined;
  /** Its last run was of an earlier attempt, and counts no more. */
  readonly isPrior: boolean;
  /** Somebody asked that this very run be followed by another. */
  readonly isRestartAsked: boolean;
  /** Ends in a row after less than the healthy time. */
  readonly failures: number;
  /** When a run that ended may be followed by the next, milliseconds since the epoch. */
  readonly nextRestartAt: number | undefined;
}

const DEFAULT_STOP: StopPolicy = { graceMs: 10_000 };

/** The agents of the spec in their order, then those that are still to be ended. */
export function viewAgents(input: ProjectInput, tmux: ObservedTmux): AgentView[] {
  const desired = input.desired.type === 'Present' ? input.desired.project.agents : [];
  const panes = tmux.panes.filter((pane): pane is OwnPane => pane.mark?.uid === input.meta.uid);
  const wanted = new Set(desired.map((agent) => agent.name));
  const known = [
    ...(input.previous?.agents ?? []).map((agent) => agent.name),
    ...input.stops.keys(),
    ...panes.map((pane) => pane.mark.agent),
  ];
  const others = [...new Set(known)].filter((name) => !wanted.has(name));
  return [
    ...desired.map((agent) => view(agent.name, agent, input, panes)),
    ...others.map((name) => view(name, undefined, input, panes)),
  ];
}

function view(name: string, desired: DesiredAgent | undefined, input: ProjectInput, panes: readonly OwnPane[]) {
  const { observed } = input;
  const previous = input.previous?.agents.find((agent) => agent.name === name);
  const life = lifeOf(panes.filter((pane) => pane.mark.agent === name));
  const standing = { desired: input.desired, health: observed.health };
  const account = accountFor(standing, desired);
  const ended = newExit(life, previous, input);
  const recoveries = recoveriesOf(previous, ended, input.now);
  const hold = desired === undefined || life.type === 'Running' ? undefined : holdOf(standing, desired, previous);
  const run = 'pane' in life ? life.pane.mark.run : undefined;
  const lastExit = ended ?? previous?.lastExit;
  const isPrior = lastExit !== undefined && input.previous?.run?.priorRuns?.includes(lastExit.run) === true;
  const isNewRun = run !== undefined && previous?.run !== undefined && run !== previous.run;
  const processes = ownProcesses(observed.processes, name);
  return {
    name,
    desired,
    previous,
    life,
    stop: desired?.stop ?? input.stops.get(name) ?? DEFAULT_STOP,
    processes,
    hasOutlived: observed.outlived?.includes(name) === true && isAmong(processes, previous?.pid),
    obstacle: observed.obstacles.find((obstacle) => obstacle.agent === name) ?? hold?.obstacle,
    probe: observed.probes.find((probe) => probe.agent === name && probe.run === run),
    reading: observed.readings.find((reading) => reading.agent === name && reading.run === run),
    account,
    hold,
    stuck: observed.health.vitals.find((vitals) => vitals.agent === name && vitals.run === run)?.stuck,
    recoveries,
    restarts: (previous?.restarts ?? 0) + Number(isNewRun),
    restartsByEnd: isNewRun ? restartsByEnd(previous) : (previous?.restartsByEnd ?? {}),
    lastExit,
    isPrior,
    isRestartAsked: isRestartAsked({ name, life, previous }, input),
    ...(isPrior
      ? { failures: 0, nextRestartAt: undefined }
      : failuresOf({ life, previous, ended, desired, recoveries: recoveries.length, now: input.now })),
  } satisfies AgentView;
}

/** A run that follows one whose end nobody saw is a restart of no kind. */
export function restartsByEnd({
  run,
  lastExit,
  restartsByEnd: counted = {},
}: Pick<AgentStatus, 'run' | 'lastExit' | 'restartsByEnd'>): Readonly<Record<string, number>> {
  const kind = lastExit?.run === run ? lastExit?.kind : undefined;
  return kind === undefined ? counted : { ...counted, [kind]: (counted[kind] ?? 0) + 1 };
}

/** What bears no mark of ours is ended by nobody, and waited for by nobody. */
function isAmong(processes: AgentView['processes'], pid: number | undefined): boolean {
  return processes?.state !== 'Known' || processes.value.some((one) => one.pid === pid);
}

function ownProcesses(look: Look<readonly MarkedProcess[]> | undefined, agent: string): AgentView['processes'] {
  if (look?.state !== 'Known') return look;
  return { ...look, value: look.value.filter((process) => process.agent === agent) };
}
