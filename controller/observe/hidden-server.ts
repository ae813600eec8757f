import type { ProcessRef } from '../api/observed.ts';
import type { ProcessTable } from './process-table.ts';

/**
 * A tmux server in which one of the processes was started, and which is not among those that were looked at: its socket
 * was removed, or is in another folder. Undefined: there is none, as far as can be seen. A server that an agent started
 * bears the agent's mark, and is none of ours.
 */
export async function findHiddenServer(
  table: Pick<ProcessTable, 'all' | 'mark'>,
  processes: readonly ProcessRef[],
  looked: ReadonlySet<number>,
): Promise<number | undefined> {
  if (processes.length === 0) return undefined;
  const all = (await table.all()) ?? [];
  const own = new Set(processes.map(({ pid }) => pid));
  const parents = new Set(all.flatMap(({ pid, parent }) => (own.has(pid) ? [parent] : [])));
  return all.find(
    ({ pid, name, zombie }) =>
      !zombie && parents.has(pid) && !looked.has(pid) && name.startsWith('tmux') && table.mark(pid).type !== 'Marked',
  )?.pid;
}
