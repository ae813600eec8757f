import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface MemoryKills {
  /** Follows the memory of the run's first process. Asked for at each look; reads files for a new run alone. */
  follow(run: string, pid: number): void;
  /** Counts anew; to be asked now and then, so that a kill is told from one of long ago. */
  refresh(): void;
  /** Whether the system ended something for want of memory, where that run was, within the last seconds. */
  killed(run: string): boolean;
  /** Lets go of all runs but these. */
  keep(runs: ReadonlySet<string>): void;
}

interface Count {
  value: number;
  /** When it was last seen to rise, in milliseconds. */
  risenAt: number;
}

/** A kill that was seen so long before the end of an agent is not what ended it, in milliseconds. */
const RECENT_MS = 15_000;

/**
 * Counts of processes that Linux ended for want of memory: of the run's own control group (memory.events, or
 * memory.oom_control of version 1), and where that cannot be read, of the whole machine (vmstat). A count that rose
 * while an agent ended by KILL is evidence as good as there is without the kernel's log.
 *
 * @param root '/' but for tests.
 */
export function createMemoryKills(now: () => number, root = '/'): MemoryKills {
  const sources = new Map<string, string>();
  const counts = new Map<string, Count>();

  function read(path: string): number | undefined {
    try {
      const found = /^oom_kill (\d+)$/m.exec(readFileSync(path, 'utf8'))?.[1];
      return found === undefined ? undefined : Number(found);
    } catch {
      return undefined;
    }
  }

  function countAnew(path: string): void {
    const value = read(path);
    if (value === undefined) return;
    const known = counts.get(path);
    if (known === undefined) counts.set(path, { value, risenAt: Number.NEGATIVE_INFINITY });
    else if (value > known.value) counts.set(path, { value, risenAt: now() });
  }

  function sourceOf(pid: number): string {
    const own = ownFiles(root, pid).find((path) => read(path) !== undefined);
    return own ?? join(root, 'proc/vmstat');
  }

  return {
    follow(run, pid) {
      if (sources.has(run)) return;
      const path = sourceOf(pid);
      sources.set(run, path);
      countAnew(path);
    },
    refresh() {
      for (const path of counts.keys()) countAnew(path);
    },
    killed(run) {
      const path = sources.get(run);
      if (path === undefined) return false;
      countAnew(path);
      return now() - (counts.get(path)?.risenAt ?? Number.NEGATIVE_INFINITY) < RECENT_MS;
    },
    keep(runs) {
      for (const run of sources.keys()) if (!runs.has(run)) sources.delete(run);
      const used = new Set(sources.values());
      for (const path of counts.keys()) if (!used.has(path)) counts.delete(path);
    },
  };
}

/** Where a process's control groups count, by /proc/PID/cgroup (cgroups(7)). */
function ownFiles(root: string, pid: number): string[] {
  let text: string;
  try {
    text = readFileSync(join(root, `proc/${pid}/cgroup`), 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    const [id, controllers = '', ...path] = line.split(':');
    const group = path.join(':');
    if (id === '0') return [join(root, 'sys/fs/cgroup', group, 'memory.events')];
    if (!controllers.split(',').includes('memory')) return [];
    return [join(root, 'sys/fs/cgroup/memory', group, 'memory.oom_control')];
  });
}
