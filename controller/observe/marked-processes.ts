import type { Look, MarkedProcess } from '../api/observed.ts';
import { createKnownMarks, type KnownMarks } from './known-marks.ts';
import type { MarkReading, ProcessStat, ProcessTable } from './process-table.ts';

export interface MarkedProcessEyes {
  /** All processes that belong to agents of ours, by a look that began at most so many milliseconds ago. */
  look(maxAgeMs: number): Promise<Look<readonly MarkedProcess[]>>;
}

/** Looks at all processes at once for everybody who asks: the walk through the table is the costly part. */
export function createMarkedProcessEyes(
  table: ProcessTable,
  /** A clock that nobody can set. */
  now: () => number,
  /** Processes that are never an agent's, whatever their environment says: ourselves and our tmux servers. */
  spared: () => ReadonlySet<number>,
): MarkedProcessEyes {
  const marks = createKnownMarks(table, now);
  let latest: { readonly startedAt: number; readonly look: Promise<Look<readonly MarkedProcess[]>> } | undefined;

  async function walk(startedAt: number): Promise<Look<readonly MarkedProcess[]>> {
    const processes = await table.all();
    if (processes === undefined) {
      const message = 'the process table could not be read';
      return { state: 'Unknown', at: startedAt, reason: 'ProcessesUnreadable', message };
    }
    return { state: 'Known', at: startedAt, value: findMarked(processes, marks, spared()) };
  }

  return {
    look(maxAgeMs) {
      const startedAt = now();
      if (latest === undefined || latest.startedAt < startedAt - maxAgeMs) {
        latest = { startedAt, look: walk(startedAt) };
      }
      return latest.look;
    },
  };
}

type Mark = Extract<MarkReading, { type: 'Marked' }>;

/**
 * A process is an agent's if its environment says so, or, where it has none of our marks, if its parent is the
 * agent's, or if it shares the session (setsid(2)) of such a process. Zombies have nothing left to end.
 */
function findMarked(
  processes: readonly ProcessStat[],
  marks: KnownMarks,
  spared: ReadonlySet<number>,
): MarkedProcess[] {
  const living = processes.filter(({ pid, zombie }) => !zombie && pid > 1 && !spared.has(pid));
  const byPid = new Map(living.map((process) => [process.pid, process]));
  const own = new Map<number, Mark>();
  const bySession = new Map<number, Mark>();
  for (const process of living) {
    const mark = marks.of(process);
    if (mark.type !== 'Marked') continue;
    own.set(process.pid, mark);
    if (process.session > 1) bySession.set(process.session, mark);
  }

  marks.keep(living);

  function inherited(process: ProcessStat): Mark | undefined {
    const seen = new Set<number>();
    for (let at: ProcessStat | undefined = process; at !== undefined && !seen.has(at.pid); at = byPid.get(at.parent)) {
      const mark = own.get(at.pid);
      if (mark !== undefined) return mark;
      seen.add(at.pid);
    }
    return bySession.get(process.session);
  }

  return living.flatMap((process) => {
    const mark = inherited(process);
    if (mark === undefined) return [];
    const { uid, agent, run } = mark;
    return [{ pid: process.pid, startTime: process.startTime, uid, agent, run, command: process.name }];
  });
}
