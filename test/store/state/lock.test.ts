import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type LockHolder, readHolder } from '../../../controller/store/state/holder.ts';
import { acquireLock, type Lock, type LockPorts } from '../../../controller/store/state/lock.ts';
import { temporaryFolder } from './samples.ts';

const HOLDER: LockHolder = {
  pid: 4711,
  host: 'here',
  startedAt: '2025-03-01T10:00:00.000Z',
  stateDir: '/srv/state',
  tmuxSocket: 'muxlet',
};

/** The real thing: flock(1) locks our own open file, which stays locked when flock has ended. */
async function tryLock(fd: number): Promise<boolean> {
  const [code] = await once(spawn('flock', ['-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', fd] }), 'exit');
  return code === 0;
}

function ports(over: Partial<LockPorts> = {}): LockPorts {
  return { tryLock, describe: () => HOLDER, ...over };
}

async function acquire(path: string, over: Partial<LockPorts> = {}): Promise<Lock> {
  const outcome = await acquireLock(path, ports(over));
  if (outcome.type === 'Taken') throw new Error('the lock is taken');
  onTestFinished(() => outcome.lock.release());
  return outcome.lock;
}

/** Another process that holds the lock; resolves once it has it. */
async function holdElsewhere(path: string): Promise<ChildProcess> {
  const child = spawn('sh', ['-c', 'exec 3<>"$0"; flock -n 3; echo locked; exec sleep 60', path], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

describe('the lock', () => {
  test('is held by one, who says who it is [S135]', async () => {
    const path = join(temporaryFolder(), 'state', 'lock');
    const lock = await acquire(path);
    expect(await acquireLock(path, ports())).toEqual({ type: 'Taken', holder: HOLDER });
    expect(lock.check()).toBe('held');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('goes to one of many that start together, and the others learn of whom [S135]', async () => {
    const path = join(temporaryFolder(), 'lock');
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, (_, pid) =>
        acquireLock(path, ports({ describe: () => ({ ...HOLDER, pid: pid + 1 }) })),
      ),
    );
    const winner = outcomes.findIndex(({ type }) => type === 'Held');
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.type === 'Held') outcome.lock.release();
      if (index !== winner) expect(outcome).toMatchObject({ type: 'Taken', holder: { pid: winner + 1 } });
    }
  });

  test('is free at once when its holder is killed, whatever stands in the file [S136]', async () => {
    const path = join(temporaryFolder(), 'lock');
    writeFileSync(path, `${JSON.stringify({ ...HOLDER, pid: process.pid })}\n`);
    const child = await holdElsewhere(path);
    expect(await acquireLock(path, ports())).toMatchObject({ type: 'Taken', holder: { pid: process.pid } });
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = await acquire(path);
    expect([lock.check(), readHolder(path)]).toEqual(['held', HOLDER]);
  });

  test('is not inherited by the processes that the holder starts', async () => {
    const path = join(temporaryFolder(), 'lock');
    const lock = await acquire(path);
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child, 'spawn');
    lock.release();
    expect((await acquire(path)).check()).toBe('held');
  });

  test('leaves the file, emptied, when it is released', async () => {
    const path = join(temporaryFolder(), 'lock');
    const lock = await acquire(path);
    lock.release();
    lock.release();
    expect([readFileSync(path, 'utf8'), lock.check(), readHolder(path)]).toEqual(['', 'lost', undefined]);
    expect((await acquire(path)).check()).toBe('held');
  });

  test('tells the address once it is known, also when the new text is shorter than the old', async () => {
    const path = join(temporaryFolder(), 'lock');
    const lock = await acquire(path);
    lock.update({ ...HOLDER, address: '127.0.0.1:9779' });
    expect(readHolder(path)?.address).toBe('127.0.0.1:9779');
    lock.update(HOLDER);
    expect(readFileSync(path, 'utf8')).toBe(`${JSON.stringify(HOLDER)}\n`);
  });
});

describe('a lock whose file was removed [S136] [S137]', () => {
  test('is lost until it is locked anew, with all that was said in it', async () => {
    const dir = join(temporaryFolder(), 'state');
    const path = join(dir, 'lock');
    const lock = await acquire(path);
    lock.update({ ...HOLDER, address: '127.0.0.1:1' });
    rmSync(dir, { recursive: true });
    expect(lock.check()).toBe('lost');
    expect(await lock.reacquire()).toEqual({ type: 'Held' });
    expect([lock.check(), readHolder(path)?.address]).toEqual(['held', '127.0.0.1:1']);
    expect(await acquireLock(path, ports())).toMatchObject({ type: 'Taken' });
  });

  test('is lost when another file stands in its place', async () => {
    const dir = temporaryFolder();
    const path = join(dir, 'lock');
    const lock = await acquire(path);
    renameSync(path, join(dir, 'lock.old'));
    writeFileSync(path, '');
    expect(lock.check()).toBe('lost');
    expect(await lock.reacquire()).toEqual({ type: 'Held' });
  });

  test('is lost for good when another controller has taken its place', async () => {
    const path = join(temporaryFolder(), 'lock');
    const lock = await acquire(path);
    rmSync(path);
    await acquire(path, { describe: () => ({ ...HOLDER, pid: 12 }) });
    expect(await lock.reacquire()).toMatchObject({ type: 'Taken', holder: { pid: 12 } });
    expect(lock.check()).toBe('lost');
  });

  test('is locked anew once, however often it is asked for at the same time', async () => {
    const path = join(temporaryFolder(), 'lock');
    const lock = await acquire(path);
    expect(await lock.reacquire()).toEqual({ type: 'Held' });
    rmSync(path);
    expect(await Promise.all([lock.reacquire(), lock.reacquire()])).toEqual([{ type: 'Held' }, { type: 'Held' }]);
    expect(lock.check()).toBe('held');
  });

  test('is not locked anew by one who lets go meanwhile', async () => {
    const path = join(temporaryFolder(), 'lock');
    const lock = await acquire(path);
    rmSync(path);
    const again = lock.reacquire();
    lock.release();
    expect(await again).toEqual({ type: 'Taken', holder: undefined });
    expect((await acquire(path)).check()).toBe('held');
  });
});

describe('taking the lock', () => {
  test('starts over when the file is replaced between the opening and the locking', async () => {
    const path = join(temporaryFolder(), 'lock');
    let times = 0;
    const lock = await acquire(path, {
      async tryLock(fd) {
        if (times++ < 3) {
          rmSync(path);
          closeSync(openSync(path, 'w'));
        }
        return tryLock(fd);
      },
    });
    expect([times, lock.check()]).toEqual([4, 'held']);
  });

  test('names the holder of this moment, not the one whose name a killed holder left in the file', async () => {
    const path = join(temporaryFolder(), 'lock');
    writeFileSync(path, `${JSON.stringify(HOLDER)}\n`);
    let times = 0;
    const outcome = await acquireLock(
      path,
      ports({
        async tryLock() {
          if (++times === 2) writeFileSync(path, `${JSON.stringify({ ...HOLDER, pid: 12 })}\n`);
          return false;
        },
      }),
    );
    expect(outcome).toMatchObject({ type: 'Taken', holder: { pid: 12 } });
  });

  test('does not wait for ever for a holder who writes no name', async () => {
    const path = join(temporaryFolder(), 'lock');
    const outcome = await acquireLock(path, ports({ tryLock: async () => false }));
    expect(outcome).toEqual({ type: 'Taken', holder: undefined });
  });

  test('gives up on a file that is replaced each time', async () => {
    const path = join(temporaryFolder(), 'lock');
    const replaced = acquireLock(
      path,
      ports({
        async tryLock() {
          rmSync(path);
          return true;
        },
      }),
    );
    await expect(replaced).rejects.toMatchObject({ code: 'MUX_LOCK_TIMEOUT' });
  });

  test('says so when the file cannot be opened', async () => {
    const dir = temporaryFolder();
    mkdirSync(join(dir, 'lock'));
    await expect(acquireLock(join(dir, 'lock'), ports())).rejects.toMatchObject({ code: 'MUX_STATE_UNWRITABLE' });
    writeFileSync(join(dir, 'file'), '');
    await expect(acquireLock(join(dir, 'file/state/lock'), ports())).rejects.toMatchObject({
      code: 'MUX_STATE_UNWRITABLE',
    });
  });

  test('lets go of the file when the locking itself fails', async () => {
    const path = join(temporaryFolder(), 'lock');
    const failing = acquireLock(path, ports({ tryLock: () => Promise.reject(new Error('no flock here')) }));
    await expect(failing).rejects.toThrow('no flock here');
    expect((await acquire(path)).check()).toBe('held');
  });
});
