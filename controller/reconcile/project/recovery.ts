import type { DesiredAgent } from '../../api/desired.ts';
import type { AgentStatus, Exit, Termination } from '../../api/generated/all.ts';
import type { Stuck } from '../../api/health.ts';

/** A recovery that was longer ago counts no more, in milliseconds. */
const HOUR_MS = 3_600_000;
const MAX_AN_HOUR = 3;

const RECOVERIES: ReadonlySet<string> = new Set<Termination['reason']>(['Hung', 'ShellWithoutAgent']);

export function isRecovery(reason: string | undefined): boolean {
  return reason !== undefined && RECOVERIES.has(reason);
}

/** The recoveries of the last hour, as times. A clock that was set back forgets none. */
function recentRecoveries(previous: AgentStatus | undefined, now: number): readonly string[] {
  return (previous?.recoveries ?? []).filter((time) => now - Date.parse(time) < HOUR_MS);
}

/** The same, with the run that has just ended, if it was recovered. */
export function recoveriesOf(
  previous: AgentStatus | undefined,
  ended: Exit | undefined,
  now: number,
): readonly string[] {
  const recent = recentRecoveries(previous, now);
  return ended !== undefined && isRecovery(previous?.termination?.reason) ? [...recent, ended.finishedAt] : recent;
}

/** Whether an agent that is stuck has been recovered so often that a person has to look at it. */
export function isExhausted(desired: DesiredAgent, recoveries: readonly string[]): boolean {
  return recoveries.length >= (desired.program.health?.maxRecoveriesPerHour ?? MAX_AN_HOUR);
}

/** For a person: what was seen, and, where nothing more is done about it, why. */
export function stuckMessage({ message }: Stuck, exhausted: boolean, recoveries: number): string {
  return exhausted ? `${message}; recovered ${recoveries} times within an hour, and left alone now` : message;
}
