import type { ProjectInput } from '../../api/decision.ts';
import type { AgentStatus, Exit } from '../../api/generated/all.ts';
import { runStartedAt } from '../../api/observed.ts';
import type { Reason } from '../../api/reasons.ts';
import { isTakenDown } from './asked.ts';
import type { Life, OwnPane } from './life.ts';

const OUTPUT_LINES = 10;
/** It ended with the machine: nobody decided that. */
export const REBOOTED = 'Rebooted' satisfies Reason;
/** A person ended everything by `muxlet down`, and its work goes on when a controller runs again. */
export const TAKEN_DOWN = 'Down';

/** The end of a run that is seen for the first time. */
export function newExit(life: Life, previous: AgentStatus | undefined, input: ProjectInput): Exit | undefined {
  const { now } = input;
  if (life.type === 'Ended' && previous?.lastExit?.run !== life.pane.mark.run) {
    return exitOf(life.pane, previous, input);
  }
  if (life.type !== 'Missing' || previous?.run === undefined || previous.lastExit?.run === previous.run)
    return undefined;
  const why = whyMissing(previous, previous.run, input);
  return {
    run: previous.run,
    reason: 'PaneGone',
    kind: previous.termination === undefined && why.endedFor !== TAKEN_DOWN ? 'Removed' : 'Ended',
    ...why,
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
    ...endedFor(previous?.run === pane.mark.run ? previous : undefined),
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

function whyMissing(previous: AgentStatus, run: string, input: ProjectInput): Pick<Exit, 'endedFor'> {
  if (isTakenDown(previous.name, run, input)) return { endedFor: TAKEN_DOWN };
  return endedByBoot(run, input) ? { endedFor: REBOOTED } : endedFor(previous);
}

/** What was decided about it before ended with it. */
function endedByBoot(run: string, { rebootedAt }: ProjectInput): boolean {
  return rebootedAt !== undefined && (runStartedAt(run) ?? rebootedAt) < rebootedAt;
}

function endedFor(previous: AgentStatus | undefined): Pick<Exit, 'endedFor'> {
  const reason = previous?.termination?.reason;
  return reason === undefined ? {} : { endedFor: reason };
}

function reasonOf(pane: OwnPane): Exit['reason'] {
  if (pane.signal !== undefined) return 'Signal';
  if (pane.exitCode === undefined) return 'Unknown';
  return pane.exitCode === 0 ? 'Completed' : 'Error';
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
