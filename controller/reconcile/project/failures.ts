import type { DesiredAgent } from '../../api/desired.ts';
import type { AgentStatus, Exit, Termination } from '../../api/generated/all.ts';
import { runStartedAt } from '../../api/observed.ts';
import { restartDelayMs } from './backoff.ts';
import { REBOOTED, TAKEN_DOWN } from './exits.ts';
import type { Life } from './life.ts';
import { isRecovery } from './recovery.ts';

/** A pane that goes sooner after the start counts against the agent, in milliseconds. */
const BY_OTHERS_MS = 1000;
/** Before an agent is started again that ended without login or at a limit, in milliseconds. */
const HELD_MS = 2000;
/** What ends sooner after its start, however well, would be started in a tight loop, in milliseconds. */
const AT_ONCE_MS = 10_000;

const NO_FAILURE: ReadonlySet<string> = new Set<Termination['reason']>([
  'SpecChanged',
  'Suspended',
  'Drained',
  'Restarted',
]);

export interface FailureFacts {
  readonly life: Life;
  readonly previous: AgentStatus | undefined;
  readonly ended: Exit | undefined;
  readonly desired: DesiredAgent | undefined;
  /** Recoveries within the hour, this end included if it is one. */
  readonly recoveries: number;
  readonly now: number;
}

export interface Failures {
  /** Ends in a row that count against the agent. */
  readonly failures: number;
  /** When it may be started again, in milliseconds since the epoch; undefined while nothing keeps it waiting. */
  readonly nextRestartAt: number | undefined;
}

/** Only what the program did to itself counts: not what we did, nor what somebody else did, nor what its account lacked. */
export function failuresOf(facts: FailureFacts): Failures {
  return facts.ended === undefined ? asBefore(facts) : after(facts.ended, facts);
}

function asBefore({ life, previous, desired, recoveries, now }: FailureFacts): Failures {
  const failures = previous?.failures ?? 0;
  const startedAt = life.type === 'Running' ? runStartedAt(life.pane.mark.run) : undefined;
  const isHealthy = startedAt !== undefined && now - startedAt >= (desired?.backoff.resetAfterMs ?? 0);
  const waiting = life.type === 'Running' ? undefined : previous?.nextRestartAt;
  if (waiting === undefined) return { failures: isHealthy ? 0 : failures, nextRestartAt: undefined };
  // A clock that was set back does not make the pause longer.
  const longest = now + HELD_MS + pauseMs(Math.max(failures, recoveries), desired);
  return { failures, nextRestartAt: Math.min(Date.parse(waiting), longest) };
}

function after(ended: Exit, { previous, desired, recoveries, now }: FailureFacts): Failures {
  const before = previous?.failures ?? 0;
  const by = previous?.termination?.reason;
  if (ended.endedFor === REBOOTED || ended.endedFor === TAKEN_DOWN) return { failures: before, nextRestartAt: now };
  const ranMs = ended.startedAt === undefined ? 0 : now - Date.parse(ended.startedAt);
  const resetAfterMs = desired?.backoff.resetAfterMs ?? 0;
  // That it was healthy may not have been said yet: who is at rest is seldom decided on.
  const failures = ended.startedAt !== undefined && ranMs >= resetAfterMs ? 0 : before;
  // Held by its account, it goes on as soon as that is in order; the pause lets what it last said be taken in.
  if (ended.kind === 'Auth' || ended.kind === 'Limit') return { failures, nextRestartAt: now + HELD_MS };
  if (by === 'AccountRestored') return { failures, nextRestartAt: now };
  if (isRecovery(by)) return { failures, nextRestartAt: now + pauseMs(recoveries, desired) };
  // An end that we brought about ourselves for something else is no failure.
  if (by !== undefined && NO_FAILURE.has(by)) return { failures: 0, nextRestartAt: now };
  // A program that has done something and then ends well is no crash, and waits for nothing.
  if (ended.kind === 'Clean' && ranMs >= Math.min(AT_ONCE_MS, resetAfterMs)) return { failures: 0, nextRestartAt: now };
  // Nor is it the agent's that somebody took its pane away: it comes back at once. One that never lives for a second
  // may be doing it itself.
  if (ended.reason === 'PaneGone' && ranMs >= BY_OTHERS_MS) return { failures, nextRestartAt: now };
  return { failures: failures + 1, nextRestartAt: now + pauseMs(failures + 1, desired) };
}

function pauseMs(ends: number, desired: DesiredAgent | undefined): number {
  return desired === undefined ? 0 : restartDelayMs(ends, desired.backoff);
}
