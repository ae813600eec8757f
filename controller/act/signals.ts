import type { ProcessRef } from '../api/observed.ts';
import type { ActionResult } from './result.ts';

/** Looks up a process's start time: what tells it from a later one with the same id. */
export type StartTimeOf = (pid: number) => string | undefined;

/**
 * Sends a signal to each process that still is the one that was seen; one that is gone, or whose id another has, is
 * passed over. Between the look and the signal lies less than a system call's time.
 */
export function signalProcesses(
  processes: readonly ProcessRef[],
  signal: NodeJS.Signals,
  startTimeOf: StartTimeOf,
): ActionResult {
  const failures = processes.flatMap(({ pid, startTime }) => {
    if (pid <= 1 || startTimeOf(pid) !== startTime) return [];
    return send(pid, signal) ?? [];
  });
  return failures.length === 0 ? { ok: true } : { ok: false, error: failures.join('; ') };
}

function send(pid: number, signal: NodeJS.Signals): string | undefined {
  try {
    process.kill(pid, signal);
    return undefined;
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    return code === 'ESRCH' ? undefined : `${signal} to process ${pid}: ${code}`;
  }
}
