import { readFileSync } from 'node:fs';
import type { ProcessTable } from '../observe/process-table.ts';
import { CLIENT_MARK } from '../tmux/environment.ts';

/**
 * Ends control clients that an earlier controller left behind (tmux 3.3a: one that was killed while output to it was
 * pending stays as a ghost, and the server answers nobody any more). To be called with the lock held, before we
 * connect: then whoever bears the mark for our sockets is nobody's.
 *
 * @returns the process ids that were ended.
 */
export async function endStaleClients(table: ProcessTable, socketPrefix: string): Promise<number[]> {
  const processes = (await table.all()) ?? [];
  const stale = processes.filter(({ pid, name }) => name.startsWith('tmux') && isClientOf(pid, socketPrefix));
  for (const { pid } of stale) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
  return stale.map(({ pid }) => pid);
}

function isClientOf(pid: number, socketPrefix: string): boolean {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    const socket = variables.find((variable) => variable.startsWith(`${CLIENT_MARK}=`))?.slice(CLIENT_MARK.length + 1);
    if (socket === undefined) return false;
    return (
      socket === socketPrefix ||
      (socket.startsWith(`${socketPrefix}.`) && /^\d+$/.test(socket.slice(socketPrefix.length + 1)))
    );
  } catch {
    return false;
  }
}
