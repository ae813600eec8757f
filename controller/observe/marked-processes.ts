import type { Look, MarkedProcess } from '../api/observed.ts';
import { createKnownMarks, type KnownMarks } from './known-marks.ts';
import type { MarkReading, ProcessStat, ProcessTable } from './process-table.ts';

export interface MarkedProcessEyes {
  /** All processes that belong to agents of the project, by a look that began at most so many milliseconds ago. */
  look(uid: string, maxAgeMs: number): Promise<Look<readonly MarkedProcess[]>>;
  /** All processes that bear anybody's mark. */
  all(): Promise<Look<readonly MarkedProcess[]>>;
}

/**
 * So long after a walk through the whole table a look asks only who is new in it, and what has become of the project's
 * own: a process number is not given to another one as soon as that. Milliseconds.
 */
const WALK_MS = 2000;

/**
 * So many of those who can do with what is a moment old ask after a walk for themselves; the next one has the whole
 * table walked through, which is dearer and serves all that come after.
 */
const ASKING_ALONE = 3;

interface Walk {
  readonly startedAt: number;
  readonly stats: ReadonlyMap<number, ProcessStat>;
  readonly marked: readonly MarkedProcess[];
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
  let latest: { readonly startedAt: number; readonly walk: Promise<Walk | undefined> } | undefined;
  /** Since the latest walk. */
  let askedAlone = 0;

  async function walk(startedAt: number): Promise<Walk | undefined> {
    const processes = await table.all();
    return processes === undefined ? undefined : walkOf(startedAt, processes);
  }

  function walkOf(startedAt: number, processes: readonly ProcessStat[]): Walk {
    const stats = new Map(processes.map((process) => [process.pid, process]));
    return { startedAt, stats, marked: findMarked(processes, marks, spared()) };
  }

  /** The walk as it stands now: with those who came since, and those of the project anew. */
  function refresh({ stats, marked }: Walk, uid: string, startedAt: number): Walk | undefined {
    const pids = table.pids?.();
    if (pids === undefined) return undefined;
    const own = new Set(marked.filter((process) => process.uid === uid).map(({ pid }) => pid));
    const present = pids.flatMap((pid) => {
      const known = own.has(pid) ? undefined : stats.get(pid);
      const stat = known ?? table.stat(pid);
      return typeof stat === 'string' ? [] : [stat];
    });
    return walkOf(startedAt, present);
  }

  function walkAnew(startedAt: number): Promise<Walk | undefined> {
    const begun = { startedAt, walk: walk(startedAt) };
    latest = begun;
    askedAlone = 0;
    return begun.walk;
  }

  async function lookFor(uid: string, startedAt: number, maxAgeMs: number): Promise<Walk | undefined> {
    const before = latest;
    if (before === undefined) return walkAnew(startedAt);
    if (before.startedAt >= startedAt - maxAgeMs) return before.walk;
    if (table.pids === undefined || before.startedAt < startedAt - WALK_MS) return walkAnew(startedAt);
    if (maxAgeMs > 0 && (askedAlone += 1) > ASKING_ALONE) return walkAnew(startedAt);
    const walked = await before.walk;
    return (walked && refresh(walked, uid, startedAt)) ?? walkAnew(startedAt);
  }

  function known(walked: Walk | undefined, startedAt: number): Look<readonly MarkedProcess[]> {
    if (walked !== undefined) return { state: 'Known', at: walked.startedAt, value: walked.marked };
    const message = 'the process table could not be read';
    return { state: 'Unknown', at: startedAt, reason: 'ProcessesUnreadable', message };
  }

  return {
    async look(uid, maxAgeMs) {
      const startedAt = now();
      const look = known(await lookFor(uid, startedAt, maxAgeMs), startedAt);
      return look.state === 'Unknown' ? look : { ...look, value: look.value.filter((process) => process.uid === uid) };
    },
    async all() {
      const startedAt = now();
      return known(await walkAnew(startedAt), startedAt);
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
    const { type: _, ...whose } = mark;
    return [{ pid: process.pid, startTime: process.startTime, ...whose, command: process.name }];
  });
}
