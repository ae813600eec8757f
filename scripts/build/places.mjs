import { readdirSync, renameSync, rmSync } from 'node:fs';
import process from 'node:process';

/**
 * Whole directories change places, so that nobody who starts now sees half of each and no deleted source lives on. Two
 * builds may do so at once: the later one counts.
 * @param {string} next
 * @param {string} place
 * @param {string} old where what stood there goes
 */
export function putInPlace(next, place, old) {
  for (let tries = 1; ; tries++) {
    try {
      rmSync(old, { recursive: true, force: true });
      renameSync(place, old);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
    try {
      renameSync(next, place);
      return;
    } catch (error) {
      if (codeOf(error) !== 'ENOTEMPTY' || tries === 10) throw error;
    }
  }
}

/**
 * Removes what builds that were killed have left behind.
 * @param {string} dist
 */
export function clearUp(dist) {
  for (const name of namesIn(dist)) {
    const pid = /^\.(?:next|old)-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(`${dist}/${name}`, { recursive: true, force: true });
  }
}

/** @param {string} folder */
function namesIn(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
