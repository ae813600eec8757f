import type { AgentReading } from '../../api/agent-reading.ts';
import type { ProjectInput } from '../../api/decision.ts';
import type { DesiredAgent, StopPolicy } from '../../api/desired.ts';
import type { AgentStatus, Exit } from '../../api/generated/all.ts';
import type { AccountState, Stuck } from '../../api/health.ts';
import type { LaunchObstacle, Look, MarkedProcess, ObservedTmux, ProbeResult } from '../../api/observed.ts';
import { runStartedAt } from '../../api/observed.ts';
import { restartDelayMs } from './backoff.ts';
import { accountFor, type Hold, holdOf } from './holding.ts';
import { type Life, lifeOf, type OwnPane } from './life.ts';
import { isRecovery, recentRecoveries } from './recovery.ts';

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
  readonly lastExit: Exit | undefined;
  /** Ends in a row after less than the healthy time. */
  readonly failures: number;
  /** When a run that ended may be followed by the next, milliseconds since the epoch. */
  readonly nextRestartAt: number | undefined;
}

const DEFAULT_STOP: StopPolicy = { graceMs: 10_000 };
const OUTPUT_LINES = 10;
/** A pane that goes sooner after the start counts against the agent, in milliseconds. */
const BY_OTHERS_MS = 1000;
/** Before an agent is started again that ended without login or at a limit, in milliseconds. */
const HELD_MS = 2000;

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
  const isNewRun = run !== undefined && previous?.run !== undefined && run !== previous.run;
  return {
    name,
    desired,
    previous,
    life,
    stop: desired?.stop ?? input.stops.get(name) ?? DEFAULT_STOP,
    processes: ownProcesses(observed.processes, name),
    obstacle: observed.obstacles.find((obstacle) => obstacle.agent === name) ?? hold?.obstacle,
    probe: observed.probes.find((probe) => probe.agent === name && probe.run === run),
    reading: observed.readings.find((reading) => reading.agent === name && reading.run === run),
    account,
    hold,
    stuck: observed.health.vitals.find((vitals) => vitals.agent === name && vitals.run === run)?.stuck,
    recoveries,
    restarts: (previous?.restarts ?? 0) + Number(isNewRun),
    lastExit: ended ?? previous?.lastExit,
    ...failuresOf({ life, previous, ended, desired, recoveries: recoveries.length, now: input.now }),
  } satisfies AgentView;
}

/** The end of a run that is seen for the first time. */
function newExit(life: Life, previous: AgentStatus | undefined, input: ProjectInput): Exit | undefined {
  const { now } = input;
  if (life.type === 'Ended' && previous?.lastExit?.run !== life.pane.mark.run) {
    return exitOf(life.pane, previous, input);
  }
  if (life.type !== 'Missing' || previous?.run === undefined || previous.lastExit?.run === previous.run)
    return undefined;
  return {
    run: previous.run,
    reason: 'PaneGone',
    kind: previous.termination === undefined ? 'Removed' : 'Ended',
    finishedAt: iso(now),
    output: [],
    ...(previous.pid !== undefined && { pid: previous.pid }),
    ...(previous.startedAt !== undefined && { startedAt: previous.startedAt }),
  };
}

function exitOf(pane: OwnPane, previous: AgentStatus | undefined, { observed, now }: ProjectInput): Exit {
  const outOfMemory = observed.health.outOfMemory.includes(pane.mark.run);
  const startedAt = runStartedAt(pane.mark.run);
  return {
    run: pane.mark.run,
    pid: pane.pid,
    reason: outOfMemory ? 'OOMKilled' : reasonOf(pane),
    kind: outOfMemory ? 'OutOfMemory' : kindOf(pane, previous),
    finishedAt: iso(now),
    output: [...(pane.output ?? [])].slice(-OUTPUT_LINES),
    ...(pane.exitCode !== undefined && { exitCode: pane.exitCode }),
    ...(pane.signal !== undefined && { signal: pane.signal }),
    ...(startedAt !== undefined && { startedAt: iso(startedAt) }),
  };
}

/** How the run ended, as far as it matters for the next one: by what it last said of itself, and who ended it. */
function kindOf(pane: OwnPane, previous: AgentStatus | undefined): NonNullable<Exit['kind']> {
  const known = previous?.run === pane.mark.run ? previous : undefined;
  if (known?.termination !== undefined) return 'Ended';
  if (known?.state === 'NeedsAuth') return 'Auth';
  if (known?.state === 'Limited') return 'Limit';
  return pane.exitCode === 0 ? 'Clean' : 'Crash';
}

function recoveriesOf(previous: AgentStatus | undefined, ended: Exit | undefined, now: number): readonly string[] {
  const recent = recentRecoveries(previous, now);
  return ended !== undefined && isRecovery(previous?.termination?.reason) ? [...recent, ended.finishedAt] : recent;
}

function reasonOf(pane: OwnPane): Exit['reason'] {
  if (pane.signal !== undefined) return 'Signal';
  if (pane.exitCode === undefined) return 'Unknown';
  return pane.exitCode === 0 ? 'Completed' : 'Error';
}

interface FailureFacts {
  readonly life: Life;
  readonly previous: AgentStatus | undefined;
  readonly ended: Exit | undefined;
  readonly desired: DesiredAgent | undefined;
  /** Recoveries within the hour, this end included if it is one. */
  readonly recoveries: number;
  readonly now: number;
}

function failuresOf({ life, previous, ended, desired, recoveries, now }: FailureFacts) {
  const failures = previous?.failures ?? 0;
  const resetAfterMs = desired?.backoff.resetAfterMs ?? 0;
  if (ended === undefined) {
    const startedAt = life.type === 'Running' ? runStartedAt(life.pane.mark.run) : undefined;
    const healthy = startedAt !== undefined && now - startedAt >= resetAfterMs;
    const waiting = life.type === 'Running' ? undefined : previous?.nextRestartAt;
    if (waiting === undefined) return { failures: healthy ? 0 : failures, nextRestartAt: undefined };
    // A clock that was set back does not make the pause longer.
    const longest =
      now + HELD_MS + (desired === undefined ? 0 : restartDelayMs(Math.max(failures, recoveries), desired.backoff));
    return { failures, nextRestartAt: Math.min(Date.parse(waiting), longest) };
  }
  // Held by its account, it goes on as soon as that is in order; the pause lets what it last said be taken in.
  if (ended.kind === 'Auth' || ended.kind === 'Limit') return { failures, nextRestartAt: now + HELD_MS };
  if (previous?.termination?.reason === 'AccountRestored') return { failures, nextRestartAt: now };
  if (isRecovery(previous?.termination?.reason)) {
    return { failures, nextRestartAt: now + (desired === undefined ? 0 : restartDelayMs(recoveries, desired.backoff)) };
  }
  // An end that we brought about ourselves for another spec is no failure.
  if (previous?.termination?.reason === 'SpecChanged') return { failures: 0, nextRestartAt: now };
  const ranMs = ended.startedAt === undefined ? 0 : now - Date.parse(ended.startedAt);
  // Nor is it the agent's that somebody took its pane away: it comes back at once. One that never lives for a second
  // may be doing it itself.
  if (ended.reason === 'PaneGone' && ranMs >= BY_OTHERS_MS) return { failures, nextRestartAt: now };
  const counted = ranMs >= resetAfterMs && resetAfterMs >= 0 && ended.startedAt !== undefined ? 1 : failures + 1;
  const delay = desired === undefined ? 0 : restartDelayMs(counted, desired.backoff);
  return { failures: counted, nextRestartAt: now + delay };
}

function ownProcesses(look: Look<readonly MarkedProcess[]> | undefined, agent: string): AgentView['processes'] {
  if (look?.state !== 'Known') return look;
  return { ...look, value: look.value.filter((process) => process.agent === agent) };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
