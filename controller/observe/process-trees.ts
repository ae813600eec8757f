import type { ProcessStat, ProcessTable } from './process-table.ts';

/** What a process and all that descends from it look like at one moment. */
export interface ProcessTree {
  /** The program that the first process runs, as the system names it: it may have become another one. */
  readonly name: string;
  /** Processor time of all of them together, in milliseconds. */
  readonly cpuMs: number;
  /** Names of the programs of all but the first. */
  readonly children: readonly string[];
}

/** The trees below some processes, in one walk through the table; undefined if that cannot be read. */
export async function lookAtTrees(
  table: ProcessTable,
  roots: readonly number[],
): Promise<ReadonlyMap<number, ProcessTree> | undefined> {
  const processes = await table.all();
  if (processes === undefined) return undefined;
  const living = processes.filter(({ zombie }) => !zombie);
  const byPid = new Map(living.map((process) => [process.pid, process]));
  const wanted = new Set(roots);
  const below = new Map<number, ProcessStat[]>(roots.map((root) => [root, []]));
  for (const process of living) {
    const root = rootOf(process, byPid, wanted);
    if (root !== undefined && root !== process.pid) below.get(root)?.push(process);
  }
  const trees = roots.flatMap((root): [number, ProcessTree][] => {
    const first = byPid.get(root);
    const others = below.get(root) ?? [];
    if (first === undefined) return [];
    const cpuMs = [first, ...others].reduce((sum, { cpuMs: own = 0 }) => sum + own, 0);
    return [[root, { name: first.name, cpuMs, children: others.map(({ name }) => name) }]];
  });
  return new Map(trees);
}

/** By descent; what was left by its parent is known by the session that it shares with the pane's first process. */
export function rootOf(
  process: ProcessStat,
  byPid: ReadonlyMap<number, ProcessStat>,
  roots: ReadonlySet<number>,
): number | undefined {
  const seen = new Set<number>();
  for (let at: ProcessStat | undefined = process; at !== undefined && !seen.has(at.pid); at = byPid.get(at.parent)) {
    if (roots.has(at.pid)) return at.pid;
    seen.add(at.pid);
  }
  return roots.has(process.session) ? process.session : undefined;
}
