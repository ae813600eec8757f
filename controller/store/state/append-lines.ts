import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { codeOf } from './atomic-write.ts';

const { O_APPEND, O_NOFOLLOW, O_RDWR } = constants;
const NEWLINE = 0x0a;

/**
 * Appends whole lines to a file of at most `limitBytes`. `Full`: they do not fit, and nothing was written. `Missing`:
 * there is no such file, and none was made, for whoever owns the content knows what it should begin with. Throws the
 * error of a failed call; a line that got torn by it is closed off by the next append.
 */
export function appendLines(path: string, lines: string, limitBytes: number): 'Appended' | 'Full' | 'Missing' {
  const fd = openExisting(path);
  if (fd === undefined) return 'Missing';
  try {
    const { size } = fstatSync(fd);
    const bytes = Buffer.from(endsTorn(fd, size) ? `\n${lines}` : lines);
    if (size + bytes.length > limitBytes) return 'Full';
    for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
    return 'Appended';
  } finally {
    closeSync(fd);
  }
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
