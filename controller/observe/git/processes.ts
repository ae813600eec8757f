import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * Processes that have a folder, or one within it, for their working directory. Where there is no /proc (macOS) nobody can
 * tell, and none are given.
 */
export function occupantsOf(folder: string): number[] {
  return pids().filter((pid) => {
    try {
      const directory = readlinkSync(`/proc/${pid}/cwd`);
      // A git that looks on our account is nobody who works there.
      return (directory === folder || directory.startsWith(`${folder}/`)) && !isOurs(pid);
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

/** Whether we started it, or what started it. */
function isOurs(pid: number): boolean {
  for (let at = pid, steps = 0; at > 1 && steps < 20; steps += 1) {
    if (at === process.pid) return true;
    const stat = readFileSync(`/proc/${at}/stat`, 'utf8');
    // The name may hold anything, brackets as well: what follows the last one is numbers.
    at = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  }
  return false;
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
