import {
  closeSync,
  constants,
  fstatSync,
  ftruncate,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type AheadContent, type AheadLine, formatLine, readLines } from './ahead-lines.ts';
import { codeOf } from './atomic-write.ts';
import { FILE_MODE, FOLDER_MODE } from './layout.ts';

/**
 * What is going to be written of files, appended to one that is open: that takes some microseconds, and waits for no disk,
 * while a file that takes the place of another may wait for it for a second. What stands here is as good as written: a
 * controller that begins takes it up. No method throws.
 */
export interface WriteAheadLog {
  /** What stood in it when it was opened and may not stand in its file: by path, the latest last. */
  readonly found: ReadonlyMap<string, readonly unknown[]>;
  /** @returns whether it is on record now. If not, whoever waits for it waits for the file. */
  record(path: string, news: unknown): boolean;
  /** The number of the last line. */
  last(): number;
  /** What was recorded of the file up to line `to` stands in it. @returns whether that is on record, if it has to be */
  settle(path: string, to: number): boolean;
  /** What somebody has taken away is begun anew. Where nothing was recorded since the last time, the file is made empty. */
  heal(): void;
}

export interface WriteAheadOptions {
  /** The state directory: what is recorded are files below it. */
  readonly dir: string;
  readonly path: string;
}

/** As soon as nothing of it is open any more it begins anew at its first byte, if it has so many. */
const ENOUGH_BYTES = 256 * 1024;
/** Beyond that nothing is recorded any more: then the disk is far behind. */
const MAX_BYTES = 8 * 1024 * 1024;

const { O_CREAT, O_NOFOLLOW, O_RDWR, O_TRUNC } = constants;
const NOTHING: AheadContent = { open: new Map(), last: 0, end: 0 };

export function createWriteAheadLog({ dir, path }: WriteAheadOptions): WriteAheadLog {
  let fd: number | undefined;
  const found = load(path);
  let { last, end } = found;
  /** By file, the last line of what it may not say yet. */
  const open = new Map([...found.open].map(([file, lines]) => [file, lines.at(-1)?.number ?? 0]));
  let lastAtHeal = -1;
  let isEmptying = false;

  /** What cannot be appended is told by nobody: the file that it was meant for is written all the same, or that is told. */
  function append(line: Omit<AheadLine, 'number'>): boolean {
    if (isEmptying) return false;
    const bytes = Buffer.from(formatLine({ number: last + 1, ...line }));
    try {
      fd ??= openLog(path, end === 0);
      for (let written = 0; written < bytes.length; ) {
        written += writeSync(fd, bytes, written, bytes.length - written, end + written);
      }
    } catch {
      return false;
    }
    last += 1;
    end += bytes.length;
    return true;
  }

  function letGo(): void {
    try {
      if (fd !== undefined) closeSync(fd);
    } catch {
      // Its number is free all the same (close(2)).
    }
    fd = undefined;
    open.clear();
    end = 0;
  }

  /** Nobody waits for that: it frees what the disk has given, which may take its time. */
  function empty(): void {
    try {
      fd ??= openLog(path, false);
    } catch {
      return;
    }
    isEmptying = true;
    ftruncate(fd, 0, () => {
      isEmptying = false;
      end = 0;
    });
  }

  return {
    found: new Map([...found.open].map(([file, lines]) => [join(dir, file), lines.map(({ news }) => news)])),
    last: () => last,
    record(recorded, news) {
      const file = relative(dir, recorded);
      if (end >= MAX_BYTES || !append({ file, news })) return false;
      open.set(file, last);
      return true;
    },
    settle(settled, to) {
      const file = relative(dir, settled);
      const latest = open.get(file);
      if (latest === undefined) return true;
      if (!append({ file, done: to })) return false;
      if (latest <= to) open.delete(file);
      if (open.size === 0 && end >= ENOUGH_BYTES) end = 0;
      return true;
    },
    heal() {
      if (isEmptying) return;
      if (fd !== undefined && !isInPlace(fd, path)) letGo();
      else if (last === lastAtHeal && open.size === 0 && end > 0) empty();
      lastAtHeal = last;
    },
  };
}

/** One that is not there, or cannot be read, tells of nothing. */
function load(path: string): AheadContent {
  try {
    const stats = lstatSync(path);
    return stats.isFile() && stats.size <= 2 * MAX_BYTES ? readLines(readFileSync(path)) : NOTHING;
  } catch {
    return NOTHING;
  }
}

function openLog(path: string, isEmpty: boolean): number {
  const flags = O_RDWR | O_CREAT | O_NOFOLLOW | (isEmpty ? O_TRUNC : 0);
  try {
    return openSync(path, flags, FILE_MODE);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    mkdirSync(dirname(path), { recursive: true, mode: FOLDER_MODE });
    return openSync(path, flags, FILE_MODE);
  }
}

function isInPlace(fd: number, path: string): boolean {
  try {
    const [at, own] = [lstatSync(path), fstatSync(fd)];
    return at.ino === own.ino && at.dev === own.dev;
  } catch {
    return false;
  }
}
