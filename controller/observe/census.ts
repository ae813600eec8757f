import type { MarkedProcess } from '../api/observed.ts';
import type { KnownMarks } from './known-marks.ts';
import type { MarkReading, ProcessStat, ProcessTable } from './process-table.ts';

type Mark = Extract<MarkReading, { type: 'Marked' }>;

/**
 * Which processes belong to agents of which project: made of a walk through the whole table, and then kept up project by
 * project, so that to look at one costs no more where there are a thousand.
 *
 * A process is an agent's if its environment says so, or, where it has none of our marks, if its parent is the
 * agent's, or if it shares the session (setsid(2)) of such a process. Zombies have nothing left to end.
 */
export interface Census {
  of(uid: string): readonly MarkedProcess[];
  all(): readonly MarkedProcess[];
  /** Takes in who has begun since the last time, of whatever project. */
  add(begun: readonly ProcessStat[]): void;
  /** Looks anew at the project's own, and at those who may turn out to be; `young`: at these as well. */
  lookAt(uid: string, young: boolean): void;
}

export interface CensusOptions {
  readonly table: Pick<ProcessTable, 'stat'>;
  readonly marks: KnownMarks;
  /** Processes that are never an agent's, whatever their environment says. */
  readonly spared: () => ReadonlySet<number>;
}

interface Counted {
  stat: ProcessStat;
  /** In its own environment. */
  mark: Mark | undefined;
  /** By its own mark, its parent or its session. */
  whose: Mark | undefined;
}

export function takeCensus(processes: readonly ProcessStat[], { table, marks, spared }: CensusOptions): Census {
  /** All that are somebody's, and those of whom it is not certain yet that they are nobody's. */
  const counted = new Map<number, Counted>();
  /** Who bears a mark of its own, by session. */
  const sessions = new Map<number, Set<number>>();
  const projects = new Map<string, Set<number>>();
  /** Between fork and exec an environment is still the parent's: these may become somebody's, or somebody else's. */
  const young = new Set<number>();

  function isCounted({ pid, zombie }: ProcessStat, never: ReadonlySet<number>): boolean {
    return !zombie && pid > 1 && !never.has(pid);
  }

  function forget(pid: number): void {
    const known = counted.get(pid);
    if (known === undefined) return;
    leave(sessions, known.stat.session, pid);
    if (known.whose !== undefined) leave(projects, known.whose.uid, pid);
    counted.delete(pid);
    young.delete(pid);
  }

  /** Takes it as it is now; whose it is follows in `settle`, once all are taken. */
  function take(stat: ProcessStat): void {
    const { pid, session } = stat;
    const known = counted.get(pid);
    const before = known?.stat.startTime === stat.startTime ? known : undefined;
    if (before === undefined) forget(pid);
    else leave(sessions, before.stat.session, pid);
    const reading = marks.of(stat);
    const mark = reading.type === 'Marked' ? reading : undefined;
    if (mark !== undefined && session > 1) join(sessions, session, pid);
    counted.set(pid, { stat, mark, whose: before?.whose });
    if (marks.isSettled(stat)) young.delete(pid);
    else young.add(pid);
  }

  function settle(pid: number): void {
    const known = counted.get(pid);
    if (known === undefined) return;
    const whose = ownerOf(known);
    if (known.whose?.uid !== whose?.uid) {
      if (known.whose !== undefined) leave(projects, known.whose.uid, pid);
      if (whose !== undefined) join(projects, whose.uid, pid);
    }
    known.whose = whose;
    if (whose === undefined && !young.has(pid)) forget(pid);
  }

  function ownerOf({ stat }: Counted): Mark | undefined {
    const seen = new Set<number>();
    for (let at = counted.get(stat.pid); at !== undefined && !seen.has(at.stat.pid); at = counted.get(at.stat.parent)) {
      if (at.mark !== undefined) return at.mark;
      seen.add(at.stat.pid);
    }
    const [fellow = 0] = sessions.get(stat.session) ?? [];
    return counted.get(fellow)?.mark;
  }

  function takeAll(stats: readonly ProcessStat[]): void {
    const never = spared();
    for (const stat of stats) {
      if (isCounted(stat, never)) take(stat);
      else forget(stat.pid);
    }
    for (const { pid } of stats) settle(pid);
  }

  function of(uid: string): MarkedProcess[] {
    const pids = [...(projects.get(uid) ?? [])].sort((a, b) => a - b);
    return pids.flatMap((pid) => {
      const { stat, whose } = counted.get(pid) ?? {};
      if (stat === undefined || whose === undefined) return [];
      const { type: _, ...mark } = whose;
      return [{ pid, startTime: stat.startTime, ...mark, command: stat.name }];
    });
  }

  takeAll(processes);
  marks.keep(processes);

  return {
    of,
    all: () => [...projects.keys()].flatMap(of),
    add: takeAll,
    lookAt(uid, alsoYoung) {
      const pids = new Set([...(projects.get(uid) ?? []), ...(alsoYoung ? young : [])]);
      const stats: ProcessStat[] = [];
      for (const pid of pids) {
        const stat = table.stat(pid);
        if (stat === 'Gone') forget(pid);
        else if (stat !== 'Unknown') stats.push(stat);
      }
      takeAll(stats);
    },
  };
}

function join<Name>(groups: Map<Name, Set<number>>, name: Name, pid: number): void {
  const group = groups.get(name);
  if (group === undefined) groups.set(name, new Set([pid]));
  else group.add(pid);
}

function leave<Name>(groups: Map<Name, Set<number>>, name: Name, pid: number): void {
  const group = groups.get(name);
  if (group?.delete(pid) === true && group.size === 0) groups.delete(name);
}
