import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * Processes that have a folder, or one within it, for their working directory. Where there is no /proc (macOS) nobody can
 * tell, and none are given.
 */
export function occupantsOf(folder: string): number[] {
  return pids().filter((pid) => {
    try {
      const directory = readlinkSync(`/proc/${pid}/cwd`);
      return directory === folder || directory.startsWith(`${folder}/`);
    } catch {
      return false;
    }
  });
}

/** Processes with this in their environment: `NAME=value`. */
export function processesWith(variable: string): number[] {
  return pids().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(variable);
    } catch {
      return false;
    }
  });
}

/** All but our own. */
function pids(): number[] {
  try {
    return readdirSync('/proc').flatMap((name) =>
      /^\d+$/.test(name) && Number(name) !== process.pid ? [Number(name)] : [],
    );
  } catch {
    return [];
  }
}
