import { fstatSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createLockPort } from '../../controller/cli/lock-port.ts';

/** Locks by the file's identity until the descriptor is closed, as flock(2) does. */
function fakeFlock() {
  const held = new Map<number, number>();
  return async (fd: number) => {
    const { ino } = fstatSync(fd);
    const holder = held.get(ino);
    const isOpen = (descriptor: number) => {
      try {
        return fstatSync(descriptor).ino === ino;
      } catch {
        return false;
      }
    };
    if (holder !== undefined && isOpen(holder)) return false;
    held.set(ino, fd);
    return true;
  };
}

async function lockPath() {
  const root = await mkdtemp(join(tmpdir(), 'muxlet-lock-'));
  onTestFinished(() => rm(root, { recursive: true }));
  return join(root, 'state', 'locks', 'specs.lock');
}

test('[S139] runs one after the other, also if one fails', async () => {
  const path = await lockPath();
  const { withLock } = createLockPort(fakeFlock());
  const log: string[] = [];
  const work = (name: string) => async () => {
    log.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    log.push(`${name} ends`);
    if (name === 'a') throw new Error('a fails');
  };
  await Promise.allSettled([withLock(path, 5000, work('a')), withLock(path, 5000, work('b'))]);
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

test('[S139] says that it could not have the lock in time', async () => {
  const { withLock } = createLockPort(async () => false);
  await expect(withLock(await lockPath(), 20, async () => undefined)).rejects.toMatchObject({
    code: 'MUX_LOCK_TIMEOUT',
  });
});
