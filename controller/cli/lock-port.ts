import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { MuxletError } from '../api/errors.ts';
import type { LockPort } from './ports.ts';
import { pause } from './watch.ts';

/** How long after a trial that failed the lock is tried again. */
const RETRY_MS = 100;

/** @param tryLock locks an open file for as long as it is open, without waiting; says whether it could */
export function createLockPort(tryLock: (fd: number) => Promise<boolean>): LockPort {
  return {
    async withLock(path, timeoutMs, run) {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const fd = openSync(path, 'a', 0o600);
      try {
        await waitForLock(() => tryLock(fd), path, timeoutMs);
        return await run();
      } finally {
        // The lock goes with the descriptor. The file stays: whoever waits has it open.
        closeSync(fd);
      }
    },
  };
}

async function waitForLock(attempt: () => Promise<boolean>, path: string, timeoutMs: number): Promise<void> {
  const signal = AbortSignal.timeout(timeoutMs);
  while (!(await attempt())) {
    if (signal.aborted) {
      throw new MuxletError('MUX_LOCK_TIMEOUT', `another muxlet has held ${path} for ${timeoutMs / 1000} s`, {
        hint: 'see what it does, or end it, then try again',
      });
    }
    await pause(RETRY_MS, signal);
  }
}
