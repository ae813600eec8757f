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
 * Measures trees of processes again and again. A process is known by pid and start time. What has ended since the last
 * look counts as well, with its parent, where the system says that: a build is many programs that live for a moment.
 *
 * Most processes of a machine are nobody's here, and stay so, since none becomes the child of a stranger: where the
 * numbers alone are to be had cheaply, only those in a tree and new ones are read at each look.
 *
 * @param now milliseconds that only go forward
 */
export function createUsageMeter(table: ProcessTable, now: () => number): UsageMeter {
  let strangers = new Map<number, ProcessStat>();
  let strangersAt = Number.NEGATIVE_INFINITY;
  let before: { readonly at: number; readonly seen: ReadonlyMap<string, Spent> } | undefined;
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
      const isRoot = (root: Root): boolean => {
        const found = byPid.get(root.pid);
        return found?.startTime === root.startTime && !found.zombie;
      };
      const living = new Set(roots.filter(isRoot).map(({ pid }) => pid));
      const seen = new Map<string, Spent>();
      const sums = new Map<number, { spent: number; memory: number; processes: number }>();
      for (const process of processes) {
        if (strangers.has(process.pid)) continue;
        const root = rootOf(process, byPid, living);
        if (root === undefined) {
          strangers.set(process.pid, process);
          continue;
        }
        const cpuMs = (process.cpuMs ?? 0) + (process.childrenCpuMs ?? 0);
        seen.set(identity(process), { root, cpuMs, isHandedOn: process.childrenCpuMs !== undefined });
        const sum = sums.get(root) ?? { spent: 0, memory: 0, processes: 0 };
        sum.spent += cpuMs - spentBefore(process, byPid.get(root), cpuMs);
        sum.memory += process.residentBytes ?? 0;
        sum.processes += process.zombie ? 0 : 1;
        sums.set(root, sum);
      }
      for (const [name, { root, cpuMs, isHandedOn }] of before?.seen ?? []) {
        const sum = sums.get(root);
        // What it had spent is among its parent's children's now, and was counted before.
        if (sum !== undefined && isHandedOn && !seen.has(name)) sum.spent -= cpuMs;
      }
      const elapsed = before === undefined ? 0 : at - before.at;
      const measured = [...sums].map(([root, { spent, ...rest }]): [number, TreeUsage] => {
        return [root, { ...rest, ...(elapsed > 0 && { cpu: (Math.max(0, spent) / elapsed) * 100 }) }];
      });
      before = { at, seen };
      return new Map(measured);
    },
  };

  /** Who is new in a tree that was there began since; of a tree that is new itself nothing is known. */
  function spentBefore(process: ProcessStat, root: ProcessStat | undefined, now: number): number {
    const isKnownTree = root !== undefined && before?.seen.has(identity(root)) === true;
    return before?.seen.get(identity(process))?.cpuMs ?? (isKnownTree ? 0 : now);
  }
}

interface Spent {
  readonly root: number;
  readonly cpuMs: number;
  /** Once it has ended, the system counts it with its parent. */
  readonly isHandedOn: boolean;
}

function identity({ pid, startTime }: Root): string {
  return `${pid}:${startTime}`;
}
