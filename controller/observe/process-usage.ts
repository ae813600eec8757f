import { setImmediate } from 'node:timers/promises';
import type { ProcessStat, ProcessTable } from './process-table.ts';
import { rootOf } from './process-trees.ts';

/** The first process of a tree. */
export interface Root {
  readonly pid: number;
  /** As the system counts it: another process of that number is another tree, and not asked for. */
  readonly startTime: string;
}

/** What a tree of processes uses together. */
export interface TreeUsage {
  /** Percent of one core since the last look; absent at the first one. */
  readonly cpu?: number;
  /** Resident bytes. */
  readonly memory: number;
  readonly processes: number;
}

export interface UsageMeter {
  /** By the roots' pids; a root that is gone is left out. Undefined if the table could not be read. */
  look(roots: readonly Root[]): Promise<ReadonlyMap<number, TreeUsage> | undefined>;
}

/** What belongs to no tree is looked at again so often, in milliseconds: its number may by then be another process's. */
const STRANGERS_MS = 5000;
/** Processes read in one go before others get their turn; about 2 ms. */
const BATCH = 100;

/**
 * Measures trees of processes again and again. A process is known by pid and start time; what has ended since the last
 * look takes what it used with it, so that it lacks in the sum and makes it no less than nothing.
 *
 * Most processes of a machine are nobody's here, and stay so, since none becomes the child of a stranger: where the
 * numbers alone are to be had cheaply, only those in a tree and new ones are read at each look.
 *
 * @param now milliseconds that only go forward
 */
export function createUsageMeter(table: ProcessTable, now: () => number): UsageMeter {
  let strangers = new Map<number, ProcessStat>();
  let strangersAt = Number.NEGATIVE_INFINITY;
  let before: { readonly at: number; readonly cpuMs: ReadonlyMap<string, number> } | undefined;
  let rootsBefore = '';

  async function read(roots: readonly Root[]): Promise<readonly ProcessStat[] | undefined> {
    const names = roots.map(identity).join();
    const isOld = now() - strangersAt >= STRANGERS_MS || names !== rootsBefore;
    rootsBefore = names;
    if (isOld) {
      strangers = new Map();
      strangersAt = now();
    }
    const pids = table.pids?.();
    if (pids === undefined) return table.pids === undefined ? table.all() : undefined;
    const found: ProcessStat[] = [];
    let fresh = 0;
    for (const pid of pids) {
      const known = strangers.get(pid);
      if (known === undefined) {
        fresh += 1;
        if (fresh % BATCH === 0) await setImmediate();
      }
      const stat = known ?? table.stat(pid);
      if (typeof stat !== 'string') found.push(stat);
    }
    return found;
  }

  return {
    async look(roots) {
      const processes = await read(roots);
      if (processes === undefined) return undefined;
      const at = now();
      const byPid = new Map(processes.map((process) => [process.pid, process]));
      const living = new Set(
        roots.filter((root) => byPid.get(root.pid)?.startTime === root.startTime).map(({ pid }) => pid),
      );
      const cpuMs = new Map<string, number>();
      const sums = new Map<number, { spent: number; memory: number; processes: number }>();
      for (const process of processes) {
        if (strangers.has(process.pid)) continue;
        const root = process.zombie ? undefined : rootOf(process, byPid, living);
        if (root === undefined) {
          strangers.set(process.pid, process);
          continue;
        }
        const { cpuMs: used = 0, residentBytes = 0 } = process;
        cpuMs.set(identity(process), used);
        const sum = sums.get(root) ?? { spent: 0, memory: 0, processes: 0 };
        sum.spent += Math.max(0, used - usedBefore(process, byPid.get(root)));
        sum.memory += residentBytes;
        sum.processes += 1;
        sums.set(root, sum);
      }
      const elapsed = before === undefined ? 0 : at - before.at;
      const measured = [...sums].map(([root, { spent, ...rest }]): [number, TreeUsage] => {
        return [root, { ...rest, ...(elapsed > 0 && { cpu: (spent / elapsed) * 100 }) }];
      });
      before = { at, cpuMs };
      return new Map(measured);
    },
  };

  /** Who is new in a tree that was there began since; of a tree that is new itself nothing is known. */
  function usedBefore(process: ProcessStat, root: ProcessStat | undefined): number {
    const { cpuMs: used = 0 } = process;
    const isKnownTree = root !== undefined && before?.cpuMs.has(identity(root)) === true;
    return before?.cpuMs.get(identity(process)) ?? (isKnownTree ? 0 : used);
  }
}

function identity({ pid, startTime }: Root): string {
  return `${pid}:${startTime}`;
}
