import type { ProcessStat, ProcessTable } from '../../controller/observe/process-table.ts';

interface Fake {
  stat: ProcessStat;
  uid: string | undefined;
}

export interface Birth {
  readonly parent?: number;
  /** Absent: its parent's. */
  readonly uid?: string;
  /** In a session of its own; default: one without a parent is. */
  readonly leads?: boolean;
}

const INIT = 1;

/** Processes that come and go in memory, and how often each way of reading them was used. */
export function processWorld(end = 32_768) {
  const clock = { now: 10_000 };
  const processes = new Map<number, Fake>();
  const counts = { walks: 0, stats: 0, asked: 0 };
  let last = 300;
  let begun = 0;

  function beginAs(pid: number, { parent = INIT, uid, leads = parent === INIT }: Birth, isNext = true): number {
    begun += 1;
    const from = processes.get(parent);
    const session = leads ? pid : (from?.stat.session ?? pid);
    const stat = { pid, parent, session, zombie: false, startTime: `${begun}`, name: 'sh' };
    processes.set(pid, { stat, uid: uid ?? from?.uid });
    if (isNext) last = pid;
    return pid;
  }

  function adoptChildren(pid: number): void {
    for (const other of processes.values()) {
      if (other.stat.parent === pid) other.stat = { ...other.stat, parent: INIT };
    }
  }

  const table: ProcessTable = {
    stat(pid) {
      counts.stats += 1;
      return processes.get(pid)?.stat ?? 'Gone';
    },
    mark(pid) {
      const uid = processes.get(pid)?.uid;
      return uid === undefined ? { type: 'Unmarked' } : { type: 'Marked', uid, agent: 'dev', run: '1-a' };
    },
    async all() {
      counts.walks += 1;
      return [...processes.values()].map(({ stat }) => stat);
    },
  };

  return {
    clock,
    counts,
    processes,
    table,
    numbered: {
      ...table,
      numbering: () => ({ last, begun, end }),
      bearers(numbers) {
        counts.asked += numbers.length;
        return numbers.flatMap((number) => {
          const known = processes.get(number);
          return known === undefined ? [] : [{ number, stat: known.stat }];
        });
      },
    } satisfies ProcessTable,
    beginAs,
    begin(birth: Birth): number {
      let pid = last;
      do pid = pid + 1 >= end ? 301 : pid + 1;
      while (processes.has(pid));
      return beginAs(pid, birth);
    },
    /** Its number is given, and it cannot be seen yet. */
    announce(): number {
      last += 1;
      return last;
    },
    end(pid: number): void {
      processes.delete(pid);
      adoptChildren(pid);
    },
    endUncollected(pid: number): void {
      const known = processes.get(pid);
      if (known !== undefined) known.stat = { ...known.stat, zombie: true };
      adoptChildren(pid);
    },
    execute(pid: number, uid: string | undefined): void {
      const known = processes.get(pid);
      if (known !== undefined) known.uid = uid;
    },
    /** setsid(2). */
    leave(pid: number): void {
      const known = processes.get(pid);
      if (known !== undefined) known.stat = { ...known.stat, session: pid };
    },
  };
}
