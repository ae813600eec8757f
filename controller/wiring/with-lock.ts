import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { MuxletError } from '../api/errors.ts';
import type { LockPort } from '../cli/ports.ts';
import { systemClock } from '../exec/clock.ts';
import { tryLock } from '../exec/flock.ts';

const TRY_AGAIN_MS = 50;

/** Serialises verbs that write: each waits for its turn at a lock on an open file, and not for ever. */
export const lockPort: LockPort = {
  async withLock(path, timeoutMs, run) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const fd = openSync(path, 'a', 0o600);
    try {
      await waitForLock(fd, path, systemClock.now() + timeoutMs, timeoutMs);
      return await run();
    } finally {
      closeSync(fd);
    }
  },
};

async function waitForLock(fd: number, path: string, until: number, timeoutMs: number): Promise<void> {
  while (!(await tryLock(fd))) {
    if (systemClock.now() >= until) {
      throw new MuxletError('MUX_LOCK_TIMEOUT', `the lock ${path} could not be had in ${timeoutMs / 1000} s`, {
        hint: 'another muxlet command is writing; try again when it is done',
      });
    }
    await new Promise<void>((resolve) => {
      systemClock.after(TRY_AGAIN_MS, resolve);
    });
  }
}
