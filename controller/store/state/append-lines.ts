import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, writeSync } from 'node:fs';
import { codeOf } from './atomic-write.ts';

const { O_APPEND, O_NOFOLLOW, O_RDWR } = constants;
const NEWLINE = 0x0a;

export type Outcome = 'Appended' | 'Full' | 'Missing';

/**
 * Appends whole lines to a file of at most `limitBytes`. `Full`: they do not fit, and nothing was written. `Missing`:
 * there is no such file, and none was made, for whoever owns the content knows what it should begin with. Throws the
 * error of a failed call; a line that got torn by it is closed off by the next append.
 */
export function appendLines(path: string, lines: string, limitBytes: number): Outcome {
  const file = createAppendedFile(path);
  try {
    return file.append(lines, limitBytes);
  } finally {
    file.letGo();
  }
}

/** A file that is appended to so often that it stays open: nobody else appends to it. */
export interface AppendedFile {
  /** As `appendLines`, but what somebody has deleted or replaced since it was opened is appended to all the same. */
  append(lines: string, limitBytes: number): Outcome;
  /** Lets go of it if its path leads to another file by now, or it does not hold what was appended. @returns whether it did */
  letGoIfReplaced(): boolean;
  /** The next append opens what its path leads to then. */
  letGo(): void;
}

export function createAppendedFile(path: string): AppendedFile {
  let open: { readonly fd: number; size: number; isTorn: boolean } | undefined;

  function letGo(): void {
    const fd = open?.fd;
    open = undefined;
    if (fd === undefined) return;
    try {
      closeSync(fd);
    } catch {
      // Its number is free all the same (close(2)), and what could not be written was told by the write.
    }
  }

  function openAnew(): typeof open {
    const fd = openExisting(path);
    if (fd === undefined) return undefined;
    open = { fd, size: 0, isTorn: false };
    try {
      open.size = fstatSync(fd).size;
      open.isTorn = endsTorn(fd, open.size);
    } catch (error) {
      letGo();
      throw error;
    }
    return open;
  }

  function isInPlace({ fd, size }: { readonly fd: number; readonly size: number }): boolean {
    try {
      const [found, own] = [lstatSync(path), fstatSync(fd)];
      return found.ino === own.ino && found.dev === own.dev && found.size === size;
    } catch {
      return false;
    }
  }

  return {
    letGo,
    append(lines, limitBytes) {
      const file = open ?? openAnew();
      if (file === undefined) return 'Missing';
      const bytes = Buffer.from(file.isTorn ? `\n${lines}` : lines);
      if (file.size + bytes.length > limitBytes) return 'Full';
      try {
        for (let written = 0; written < bytes.length; ) written += writeSync(file.fd, bytes, written);
      } catch (error) {
        letGo();
        throw error;
      }
      file.size += bytes.length;
      file.isTorn = false;
      return 'Appended';
    },
    letGoIfReplaced() {
      if (open === undefined || isInPlace(open)) return false;
      letGo();
      return true;
    },
  };
}

function openExisting(path: string): number | undefined {
  try {
    return openSync(path, O_RDWR | O_APPEND | O_NOFOLLOW);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether the last line lacks its end: its writer was killed, or the disk was full. */
function endsTorn(fd: number, size: number): boolean {
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  return readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== NEWLINE;
}
