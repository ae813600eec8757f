/**
 * The lock of the state directory: the lock of an open file. It lives as long as our file descriptor, so that it is
 * free the moment its holder ends, however it ends; that the file exists, and what pid stands in it, means nothing. The
 * file is never unlinked: if it were, a second controller could lock a new file of that name beside the first.
 *
 * Somebody may remove it all the same (a whole state directory gone, a restored backup). Then we hold a file that
 * nobody else can find, and so nothing: `check` notices, and `reacquire` locks the path anew.
 */
import { closeSync, constants, fstatSync, ftruncateSync, mkdirSync, openSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { MuxletError } from '../../api/errors.ts';
import { type LockHolder, readHolder } from './holder.ts';
import { FILE_MODE, FOLDER_MODE } from './layout.ts';

export interface LockPorts {
  /** Locks the open file for as long as the descriptor is open; false if somebody else has it. Never waits. */
  readonly tryLock: (fd: number) => Promise<boolean>;
  /** What to write into the file, for those who come second. */
  readonly describe: () => LockHolder;
}

export interface Taken {
  readonly type: 'Taken';
  /** Undefined if the file does not say. */
  readonly holder: LockHolder | undefined;
}

export interface Lock {
  /** Whether the path still leads to the file that we locked. Two system calls; to be asked before a write. */
  check(): 'held' | 'lost';
  /** Locks the path anew. Only when this says `Taken` is the lock lost for good; else nothing has changed hands. */
  reacquire(): Promise<{ readonly type: 'Held' } | Taken>;
  /** Rewrites the file's content. Never throws: the lock does not depend on it. */
  update(holder: LockHolder): void;
  /** Empties the file and lets go. */
  release(): void;
}

/** The file may be replaced each time between the opening and the locking; so often in a row means that it is made to. */
const MAX_ATTEMPTS = 20;

/**
 * Takes the lock at once or not at all. Throws MUX_STATE_UNWRITABLE if the file cannot be opened, MUX_LOCK_TIMEOUT if
 * it is replaced again and again, and what `tryLock` throws.
 */
export async function acquireLock(
  path: string,
  ports: LockPorts,
): Promise<{ readonly type: 'Held'; readonly lock: Lock } | Taken> {
  const opened = await openLocked(path, ports.tryLock);
  if (opened.type === 'Taken') return opened;
  let { fd } = opened;
  let content = ports.describe();
  let isReleased = false;
  writeHolder(fd, content);

  async function lockAnew(): Promise<{ readonly type: 'Held' } | Taken> {
    if (lock.check() === 'held') return { type: 'Held' };
    const again = await openLocked(path, ports.tryLock);
    if (again.type === 'Taken') return again;
    // Released while we waited: then nobody is left to let go of the new one.
    closeSync(isReleased ? again.fd : fd);
    if (isReleased) return { type: 'Taken', holder: undefined };
    fd = again.fd;
    writeHolder(fd, content);
    return { type: 'Held' };
  }

  let pending: ReturnType<typeof lockAnew> | undefined;
  const lock: Lock = {
    check: () => (!isReleased && isSameFile(fd, path) ? 'held' : 'lost'),
    reacquire() {
      // One at a time: two descriptors of ours would shut each other out.
      pending ??= lockAnew().finally(() => {
        pending = undefined;
      });
      return pending;
    },
    update(holder) {
      content = holder;
      if (!isReleased) writeHolder(fd, content);
    },
    release() {
      if (isReleased) return;
      isReleased = true;
      try {
        ftruncateSync(fd, 0);
      } catch {
        // What stands in the file proves nothing anyway.
      }
      closeSync(fd);
    },
  };
  return { type: 'Held', lock };
}

async function openLocked(
  path: string,
  tryLock: LockPorts['tryLock'],
): Promise<{ readonly type: 'Open'; readonly fd: number } | Taken> {
  let refusals = 0;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const fd = openLockFile(path);
    let keep = false;
    try {
      const isLocked = await tryLock(fd);
      // Between the opening and the locking the file may have been replaced; then it is not the one that counts.
      if (!isSameFile(fd, path)) continue;
      if (isLocked) {
        keep = true;
        return { type: 'Open', fd };
      }
      // Who got the lock a moment ago may not have written its name yet, so the first refusal does not read it.
      refusals++;
      const holder = readHolder(path);
      if (refusals >= 2 && (holder !== undefined || refusals >= 5)) return { type: 'Taken', holder };
    } finally {
      if (!keep) closeSync(fd);
    }
  }
  throw new MuxletError('MUX_LOCK_TIMEOUT', `${path} was replaced ${MAX_ATTEMPTS} times while it was being locked`, {
    hint: 'find out which program replaces the file; muxlet never does',
  });
}

function openLockFile(path: string): number {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: FOLDER_MODE });
    // Node opens with O_CLOEXEC, so that no process that we start keeps the lock when we are gone.
    return openSync(path, constants.O_RDWR | constants.O_CREAT, FILE_MODE);
  } catch (cause) {
    throw new MuxletError('MUX_STATE_UNWRITABLE', `the lock ${path} cannot be opened: ${String(cause)}`, {
      hint: 'name a directory that this user can write with --state',
      cause,
    });
  }
}

/** Unknown counts as no: who cannot see the path cannot say that it holds it. */
function isSameFile(fd: number, path: string): boolean {
  try {
    const ours = fstatSync(fd, { bigint: true });
    const there = statSync(path, { bigint: true });
    return ours.dev === there.dev && ours.ino === there.ino;
  } catch {
    return false;
  }
}

/** Writes first and cuts then, so that a reader never finds an empty file; see `readHolder`. */
function writeHolder(fd: number, holder: LockHolder): void {
  const line = Buffer.from(`${JSON.stringify(holder)}\n`);
  try {
    writeSync(fd, line, 0, line.length, 0);
    ftruncateSync(fd, line.length);
  } catch {
    // A full disk must not keep anybody from leading; only the word about who does is lost.
  }
}
