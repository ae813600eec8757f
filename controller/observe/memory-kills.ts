import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface MemoryKills {
  /** Follows the memory of the run's first process. Asked for at each look; reads files for a young run alone, and not each time. */
  follow(run: string, pid: number): void;
  /** Counts anew; to be asked now and then, so that a kill is told from one of long ago. */
  refresh(): void;
  /** Whether the system ended something for want of memory, where that run was, within the last seconds. */
  killed(run: string): boolean;
  /** Lets go of all runs but these. */
  keep(runs: ReadonlySet<string>): void;
}

/** Where a run's kills are counted. */
interface Source {
  /** Of every group that it was seen in. */
  readonly paths: Set<string>;
  /** Since when it is known, and when that was last looked for, in milliseconds. */
  readonly since: number;
  readAt: number;
}

interface Count {
  value: number;
  /** When it was last seen to rise, in milliseconds. */
  risenAt: number;
}

/** A kill that was seen so long before the end of an agent is not what ended it, in milliseconds. */
const RECENT_MS = 15_000;
/** Looks that come one upon the other read once, but for a new run, which may move at once; in milliseconds. */
const AGAIN_MS = 500;
const NEW_MS = 300;
/** A program, or what wraps it, may first of all move to a control group of its own: so long it is followed, in milliseconds. */
const MOVING_MS = 30_000;

/**
 * Counts of processes that Linux ended for want of memory: of the run's own control group (memory.events, or
 * memory.oom_control of version 1), and where that cannot be read, of the whole machine (vmstat). A count that rose
 * while an agent ended by KILL is evidence as good as there is without the kernel's log.
 *
 * @param root '/' but for tests.
 */
export function createMemoryKills(now: () => number, root = '/'): MemoryKills {
  const sources = new Map<string, Source>();
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

  function sourceOf(pid: number): string | undefined {
    const own = ownFiles(root, pid);
    return own && (own.find((path) => counts.has(path) || read(path) !== undefined) ?? join(root, 'proc/vmstat'));
  }

  return {
    follow(run, pid) {
      const at = now();
      const known = sources.get(run) ?? { paths: new Set(), since: at, readAt: Number.NEGATIVE_INFINITY };
      const isYoung = known.paths.size === 0 || at - known.since < MOVING_MS;
      const isKnownNow = at - known.since >= NEW_MS && at - known.readAt < AGAIN_MS;
      if (!isYoung || isKnownNow) return;
      known.readAt = at;
      const path = sourceOf(pid);
      if (path === undefined || known.paths.has(path)) return;
      known.paths.add(path);
      sources.set(run, known);
      countAnew(path);
    },
    refresh() {
      for (const path of counts.keys()) countAnew(path);
    },
    killed(run) {
      return [...(sources.get(run)?.paths ?? [])].some((path) => {
        countAnew(path);
        return now() - (counts.get(path)?.risenAt ?? Number.NEGATIVE_INFINITY) < RECENT_MS;
      });
    },
    keep(runs) {
      for (const run of sources.keys()) if (!runs.has(run)) sources.delete(run);
      const used = new Set([...sources.values()].flatMap(({ paths }) => [...paths]));
      for (const path of counts.keys()) if (!used.has(path)) counts.delete(path);
    },
  };
}

/** Where a process's control groups count, by /proc/PID/cgroup (cgroups(7)); undefined if there is no such process. */
function ownFiles(root: string, pid: number): string[] | undefined {
  let text: string;
  try {
    text = readFileSync(join(root, `proc/${pid}/cgroup`), 'utf8');
  } catch {
    return undefined;
  }
  return text.split('\n').flatMap((line) => {
    const [id, controllers = '', ...path] = line.split(':');
    const group = path.join(':');
    if (id === '0') return [join(root, 'sys/fs/cgroup', group, 'memory.events')];
    if (!controllers.split(',').includes('memory')) return [];
    return [join(root, 'sys/fs/cgroup/memory', group, 'memory.oom_control')];
  });
}
