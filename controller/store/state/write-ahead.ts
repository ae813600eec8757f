import { close, closeSync, fstatSync, ftruncateSync, lstatSync, renameSync, rmSync, writeSync } from 'node:fs';
import { relative } from 'node:path';
import { type AheadContent, type AheadLine, addLine, MAX_BYTES, type OpenLines, settleLines } from './ahead-lines.ts';
import { openTemporary, temporaryOf } from './atomic-write.ts';

/**
 * What is going to be written of files, appended to one that is open: that takes some microseconds, and waits for no disk,
 * while a file that takes the place of another may wait for it for a second. What stands here is as good as written: a
 * controller that begins takes it up. No method throws.
 */
export interface WriteAheadLog {
  /** @returns whether it is on record now. If not, whoever waits for it waits for the file. */
  record(path: string, news: unknown): boolean;
  /** Whether something is on record of the file that it may not say yet. */
  holds(path: string): boolean;
  /** The number of the last line. */
  last(): number;
  /** What was recorded of the file up to line `to` stands in it. @returns whether that is on record, if it has to be */
  settle(path: string, to: number): boolean;
  /** What somebody has taken away or changed is made anew, and so is a log that has grown, or that nothing was added to. */
  heal(): void;
}

export interface WriteAheadOptions {
  /** The state directory: what is recorded are files below it. */
  readonly dir: string;
  readonly path: string;
  /** What stands in it; the log goes on with that. */
  readonly found: AheadContent;
}

/** With so many bytes it is made anew, with what is open of it, when nobody waits for that. */
const ENOUGH_BYTES = 256 * 1024;

/** The file is made with the first line, and once something stands in it already. */
export function createWriteAheadLog({ dir, path, found }: WriteAheadOptions): WriteAheadLog {
  const open: OpenLines = found.open;
  let fd: number | undefined;
  let { last } = found;
  let end = 0;
  /** Its length when it was made. */
  let madeWith = 0;
  let lastAtHeal = -1;

  /** What cannot be appended is told by nobody: the file that it was meant for is written all the same, or that is told. */
  function append(line: AheadLine): boolean {
    try {
      const bytes = bytesOf(line);
      // Somebody may have taken it away, or changed it, since the last line.
      if (fd === undefined || !isIntact(fd) || end + bytes.length > MAX_BYTES) renew();
      write(bytes);
    } catch {
      cut();
      return false;
    }
    return true;
  }

  /** A line of which all but its line feed was written would be taken for a whole one. */
  function cut(): void {
    try {
      if (fd !== undefined && fstatSync(fd).size > end) ftruncateSync(fd, end);
    } catch {
      // It is not as long as it should be, and is made anew with the next line.
    }
  }

  /** As a whole or not at all: what a failed call has left is no longer as long as it should be. */
  function write(bytes: Buffer): void {
    if (fd === undefined) throw new Error('the log is not open');
    if (end + bytes.length > MAX_BYTES) throw new Error('the log is full');
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(fd, bytes, written, bytes.length - written, end + written);
    }
    end += bytes.length;
  }

  /** Another file in its place, with what is open. The one before is let go of beside: that frees what the disk has given. */
  function renew(): void {
    const temporary = temporaryOf(path);
    const before = { fd, end };
    fd = openTemporary(temporary);
    end = 0;
    try {
      for (const line of [...open.values()].flat()) write(bytesOf(line));
      renameSync(temporary, path);
    } catch (error) {
      const failed = fd;
      ({ fd, end } = before);
      rmSync(temporary, { force: true });
      closeSync(failed);
      throw error;
    }
    madeWith = end;
    if (before.fd !== undefined) close(before.fd, () => undefined);
  }

  /** That of which no name is left, or which has another length, is not what was written. */
  function isIntact(file: number): boolean {
    const { nlink, size } = fstatSync(file);
    return nlink > 0 && size === end;
  }

  function isInPlace(): boolean {
    try {
      const [at, own] = [lstatSync(path), fstatSync(fd ?? -1)];
      return at.ino === own.ino && at.dev === own.dev && at.size === end;
    } catch {
      return false;
    }
  }

  function isToBeRenewed(): boolean {
    if (fd === undefined) return open.size > 0;
    const isAtRest = open.size === 0 && last === lastAtHeal && end > 0;
    const hasGrown = end >= Math.max(ENOUGH_BYTES, 2 * madeWith);
    return isAtRest || hasGrown || !isInPlace();
  }

  /** Where that fails, the next line tries again, and so does the next look. @returns whether it is made */
  function make(): boolean {
    try {
      renew();
      return true;
    } catch {
      return false;
    }
  }

  // What nobody can use does not stay in it, and what somebody does to the file that was found does no harm.
  if (last > 0 || found.malformed > 0) make();

  return {
    heal() {
      if (isToBeRenewed()) make();
      lastAtHeal = last;
    },
    holds: (held) => open.has(relative(dir, held)),
    last: () => last,
    record(recorded, news) {
      const line = { number: last + 1, file: relative(dir, recorded), news };
      if (!append(line)) return false;
      last += 1;
      addLine(open, line);
      return true;
    },
    settle(settled, to) {
      const file = relative(dir, settled);
      const before = open.get(file);
      if (before === undefined) return true;
      settleLines(open, file, to);
      if (append({ number: last + 1, file, done: to })) {
        last += 1;
        return true;
      }
      // One that is made anew without these lines needs none that settles them.
      if (make()) return true;
      open.set(file, before);
      return false;
    },
  };
}

function bytesOf(line: AheadLine): Buffer {
  return Buffer.from(`${JSON.stringify(line)}\n`);
}
