import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MuxletError } from '../api/errors.ts';
import type { Controller, ControllerPort } from '../cli/ports.ts';
import { linuxProcessTable } from '../observe/linux-process-table.ts';
import { readHolder } from '../store/state/holder.ts';

/**
 * Who runs as the controller, without touching its lock: the holder empties the file when it ends in good order, and
 * if it was killed, no process of that id runs muxlet any more.
 */
export const controllerPort: ControllerPort = {
  async find({ state }) {
    const holder = readHolder(join(state, 'lock'));
    if (holder === undefined || !isAlive(holder.pid)) return undefined;
    return { pid: holder.pid, ...(holder.address !== undefined && { address: holder.address }) };
  },
  async stop({ pid }: Controller, places) {
    const found = await controllerPort.find(places);
    if (found?.pid !== pid) throw new MuxletError('MUX_NOT_FOUND', `process ${pid} is the controller no more`);
    process.kill(pid, 'SIGTERM');
  },
};

/** A process of that id that runs muxlet: the id alone may be another program's by now. */
function isAlive(pid: number): boolean {
  if (process.platform !== 'linux') return answersSignal(pid);
  const stat = linuxProcessTable.stat(pid);
  if (typeof stat === 'string' || stat.zombie) return stat === 'Unknown';
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('main.js') || process.pid === pid;
  } catch {
    return false;
  }
}

function answersSignal(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
