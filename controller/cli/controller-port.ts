import { readdir, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { MuxletError } from '../api/errors.ts';
import { layoutOf } from '../store/state/layout.ts';
import { readState } from '../store/state/read-state.ts';
import type { Controller, ControllerPort, Places } from './ports.ts';

/** Sends a signal; 0 only asks whether the process is there. Like process.kill. */
export type Kill = (pid: number, signal: 'SIGTERM' | 0) => void;

/**
 * Finds the controller by what its lock file says, and believes it only if that process still has the file open. The
 * lock itself is not tried: for the moment of the trial a controller that starts would be told that it is taken.
 */
export function createControllerPort(kill: Kill): ControllerPort {
  const find = async ({ state }: Places): Promise<Controller | undefined> => {
    const reader = readState(state);
    const holder = reader.holder();
    // Whether a process of another machine lives cannot be seen from here.
    if (holder === undefined || holder.host !== hostname() || !isAlive(holder.pid, kill)) return undefined;
    if ((await hasOpen(holder.pid, layoutOf(state).lock)) === false) return undefined;
    const address = holder.address ?? reader.address();
    return { pid: holder.pid, ...(address !== undefined && { address }) };
  };
  return {
    find,
    async stop(controller, places) {
      const now = await find(places);
      if (now === undefined) return;
      if (now.pid !== controller.pid) {
        throw new MuxletError('MUX_CONFLICT', `another controller (process ${now.pid}) has started meanwhile`);
      }
      kill(controller.pid, 'SIGTERM');
    },
  };
}

function isAlive(pid: number, kill: Kill): boolean {
  try {
    kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether a process has a file open; undefined where that cannot be seen (no /proc, another user's process). */
async function hasOpen(pid: number, file: string): Promise<boolean | undefined> {
  const folder = `/proc/${pid}/fd`;
  const wanted = await stat(file).catch(() => undefined);
  const descriptors = await readdir(folder).catch(() => undefined);
  if (wanted === undefined || descriptors === undefined) return undefined;
  const opened = await Promise.all(descriptors.map((fd) => stat(join(folder, fd)).catch(() => undefined)));
  return opened.some((facts) => facts?.ino === wanted.ino && facts.dev === wanted.dev);
}
