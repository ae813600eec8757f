import { closeSync, constants, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { FILE_MODE, FOLDER_MODE } from './layout.ts';

const { O_CREAT, O_NOFOLLOW, O_TRUNC, O_WRONLY } = constants;

/**
 * Replaces the file's content as a whole: a reader sees the old or the new, and a write that fails leaves the old.
 * Throws the error of the failed call (ENOSPC, EROFS, EACCES, EFBIG, …).
 *
 * Nothing is fsynced. That would only matter when the machine loses power, and then tmux and all agents are gone as
 * well: a status that is lost or empty after that is quarantined and made anew from the specs.
 */
export function writeAtomically(path: string, text: string): void {
  const temporary = temporaryOf(path);
  const fd = openTemporary(temporary);
  try {
    try {
      writeFileSync(fd, text);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** The same name each time, so that what a killed controller left is taken up by the next write and never piles up. */
export function temporaryOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.tmp`);
}

/** Empty, to be written; its folder is made if it is missing. Throws the error of the failed call. */
export function openTemporary(temporary: string): number {
  const flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW;
  try {
    return openSync(temporary, flags, FILE_MODE);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    mkdirSync(dirname(temporary), { recursive: true, mode: FOLDER_MODE });
    return openSync(temporary, flags, FILE_MODE);
  }
}

/** The code of a failed system call, such as ENOENT. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
}
