import { createHash, randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { MuxletError } from '../../api/errors.ts';
import { tryLock } from '../../exec/flock.ts';
import { isSameJson, mergeJson, parseMergeable } from '../../template/merge-json.ts';
import type { Json } from '../../template/render-json.ts';

/** Tries while the program itself, which knows nothing of our lock, keeps writing the file. */
const TRIES = 20;
const PAUSE_MS = 5;
const LOCK_MS = 10_000;
const MAX_BYTES = 64 * 1024 * 1024;
const BOM = '\ufeff';

export interface FileMerger {
  /**
   * Merges into a JSON file of the user's: what is not named stays as it is. The file is replaced as a whole or not at
   * all, keeps its mode and owner, and stays where a symbolic link leads to.
   *
   * @throws MuxletError MUX_FILE_UNMERGEABLE naming the file; it is then as it was.
   */
  merge(path: string, wanted: Json): Promise<void>;
}

/** @param locks a folder of the user's for lock files, shared by all controllers of the user. */
export function createFileMerger(locks: string): FileMerger {
  /** Within this process one after the other, so that nobody spins on the lock that a neighbour holds. */
  const queues = new Map<string, Promise<void>>();

  async function merge(path: string, wanted: Json): Promise<void> {
    const target = targetOf(path);
    if (isMerged(target, wanted)) return;
    await underLock(target, async () => {
      for (let left = TRIES; ; left -= 1) {
        if (replace(target, wanted)) return;
        if (left === 0) throw unmergeable(target, 'another program keeps writing it');
        await pause(PAUSE_MS);
      }
    });
  }

  async function underLock(target: string, work: () => Promise<void>): Promise<void> {
    mkdirSync(locks, { recursive: true, mode: 0o700 });
    const name = createHash('sha256').update(target).digest('hex').slice(0, 32);
    const fd = openSync(join(locks, name), 'a', 0o600);
    try {
      const until = Date.now() + LOCK_MS;
      while (!(await tryLock(fd))) {
        if (Date.now() > until) throw unmergeable(target, 'another controller holds its lock');
        await pause(PAUSE_MS);
      }
      await work();
    } finally {
      closeSync(fd);
    }
  }

  return {
    async merge(path, wanted) {
      const before = queues.get(path) ?? Promise.resolve();
      const mine = before.catch(() => undefined).then(() => merge(path, wanted));
      queues.set(path, mine);
      try {
        await mine;
      } finally {
        if (queues.get(path) === mine) queues.delete(path);
      }
    },
  };
}

function isMerged(target: string, wanted: Json): boolean {
  const text = read(target);
  if (text === undefined) return false;
  const present = presentOf(target, text);
  return isSameJson(present, mergeJson(present, wanted));
}

/** @returns false if somebody wrote the file while we did. */
function replace(target: string, wanted: Json): boolean {
  const before = read(target);
  const present = presentOf(target, before ?? '');
  const merged = mergeJson(present, wanted);
  if (before !== undefined && isSameJson(present, merged)) return true;
  // A folder's owner may replace any file in it, but somebody said that this one is to stay as it is.
  if (((statOf(target)?.mode ?? 0o200) & 0o222) === 0) throw unmergeable(target, 'it is read-only');
  const temporary = join(dirname(target), `.${basename(target)}.muxlet-${randomBytes(6).toString('hex')}`);
  try {
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    writeLike(
      temporary,
      target,
      `${before?.startsWith(BOM) === true ? BOM : ''}${JSON.stringify(merged, null, indentOf(before ?? ''))}\n`,
    );
    // As late as can be: what a program writes between this line and the next is lost, and no system offers more.
    if (read(target) !== before) return false;
    renameSync(temporary, target);
    return true;
  } catch (error) {
    throw unmergeable(target, `it cannot be written (${codeOf(error)})`, error);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** It is somebody's own file: it is on the disk before it takes the old one's place. */
function writeLike(temporary: string, target: string, text: string): void {
  const like = statOf(target);
  const fd = openSync(temporary, 'wx', 0o600);
  try {
    writeFileSync(fd, text);
    if (like !== undefined) {
      if (like.uid !== process.getuid?.() || like.gid !== process.getgid?.()) chownSync(temporary, like.uid, like.gid);
      fchmodSync(fd, like.mode & 0o7777);
    }
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function statOf(path: string): { readonly uid: number; readonly gid: number; readonly mode: number } | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

/** Where the file really stands; a link that leads to nothing yet says where it is to be. */
function targetOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    try {
      return resolve(dirname(path), readlinkSync(path));
    } catch {
      return path;
    }
  }
}

function read(target: string): string | undefined {
  try {
    const facts = statSync(target);
    // A pipe would hang us, and what has no end would eat all memory.
    if (!facts.isFile()) throw unmergeable(target, 'it is no regular file');
    if (facts.size > MAX_BYTES) throw unmergeable(target, `it is longer than ${MAX_BYTES / 1024 / 1024} MiB`);
    return readFileSync(target, 'utf8');
  } catch (error) {
    if (error instanceof MuxletError) throw error;
    if (codeOf(error) === 'ENOENT') return undefined;
    throw unmergeable(target, `it cannot be read (${codeOf(error)})`, error);
  }
}

function presentOf(target: string, text: string) {
  const parsed = parseMergeable(text);
  if (parsed.type === 'Unmergeable') throw unmergeable(target, parsed.message);
  return parsed.value;
}

function indentOf(text: string): string {
  return /^\ufeff?[{[]\s*\n([ \t]+)/.exec(text)?.[1] ?? '  ';
}

function unmergeable(target: string, what: string, cause?: unknown): MuxletError {
  return new MuxletError('MUX_FILE_UNMERGEABLE', `${target}: ${what}`, {
    hint: 'it was left as it was; put it right, or give the answer to the program yourself',
    ...(cause !== undefined && { cause }),
  });
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
