import { type GroupResult, runInGroup } from '../exec/run-in-group.ts';
import type { CommandEnd, CommandHands } from '../runtime/finishing/ports.ts';

/** What a command that takes too long has to end by itself, in milliseconds; no more than it had at all. */
const GRACE_MS = 5000;
/** What the command itself, or what it is run on, is to blame for; everything else may be a shortage of our own. */
const OWN_FAULT = new Set(['ENOENT', 'EACCES', 'ENOTDIR', 'ENOEXEC']);

// What it prints of its errors comes between the rest as it happened. The text is fixed; data are its arguments.
const ONE_STREAM = 'exec "$@" 2>&1';

/** Runs the commands of rounds, with this environment and what a place adds to it. */
export function runVerifier(env: Readonly<Record<string, string>>): CommandHands['run'] {
  return async ({ argv, timeoutMs }, { cwd, env: more, log }, signal) => {
    const result = await runInGroup(['sh', '-c', ONE_STREAM, 'sh', ...argv], {
      cwd,
      env: { ...env, ...more },
      timeoutMs,
      signal,
      graceMs: Math.min(GRACE_MS, timeoutMs),
      onOutput: log.write,
    });
    return endOf(result, timeoutMs);
  };
}

function endOf(result: GroupResult, timeoutMs: number): CommandEnd {
  switch (result.type) {
    case 'Exited':
      return result.exitCode === 0 ? { type: 'Passed' } : failed(`exited with ${result.exitCode}`);
    case 'Signalled':
      return failed(`was ended by ${result.signal}`);
    case 'TimedOut':
      return failed(`did not end within ${timeoutMs / 1000} s`);
    case 'Aborted':
      return { type: 'Aborted' };
    case 'NotStarted': {
      const message = `could not be started (${result.code})`;
      return OWN_FAULT.has(result.code) ? failed(message) : { type: 'Unknown', message };
    }
  }
}

function failed(message: string): CommandEnd {
  return { type: 'Failed', message };
}
