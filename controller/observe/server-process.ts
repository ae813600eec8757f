import { readFileSync } from 'node:fs';
import type { ServerProcess } from '../tmux/server.ts';
import type { ProcessTable } from './process-table.ts';

/**
 * Finds the process of a tmux server whose socket is out of sight (removed, or hidden by a service's private /tmp), by
 * how it was started: that its socket cannot be seen does not mean that its sessions are gone. Where processes cannot
 * be looked into (no /proc), nothing is found.
 */
export function createServerFinder(
  table: Pick<ProcessTable, 'all'>,
  env: Readonly<Record<string, string | undefined>>,
): (name: string) => Promise<ServerProcess | undefined> {
  /** Several servers are asked for at once, and to go through the table is the costly part. */
  let walk: ReturnType<ProcessTable['all']> | undefined;

  return async (name) => {
    walk ??= table.all().finally(() => {
      walk = undefined;
    });
    const processes = (await walk) ?? [];
    const servers = processes.filter((process) => !process.zombie && process.name.startsWith('tmux: server'));
    const found = servers.find(({ pid }) => isServer(pid, name, env['TMUX_TMPDIR'] || undefined));
    return found && { pid: found.pid, startTime: found.startTime };
  };
}

/** Whether this very process lives: its id may be another's by now. What cannot be read counts as alive. */
export function isServerAlive(table: Pick<ProcessTable, 'stat'>, { pid, startTime }: ServerProcess): boolean {
  const stat = table.stat(pid);
  if (typeof stat === 'string') return stat === 'Unknown';
  return !stat.zombie && (startTime === undefined || stat.startTime === startTime);
}

function isServer(pid: number, name: string, directory: string | undefined): boolean {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    const own = variables.find((variable) => variable.startsWith('TMUX_TMPDIR='))?.slice('TMUX_TMPDIR='.length);
    return words[words.indexOf('-L') + 1] === name && words.includes('-L') && (own || undefined) === directory;
  } catch {
    return false;
  }
}
