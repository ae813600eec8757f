import type { MarkReading, ProcessStat, ProcessTable } from './process-table.ts';

/** The marks of processes, each environment read as seldom as will do: to read it is the dearest part of a walk. */
export interface KnownMarks {
  of(process: ProcessStat): MarkReading;
  /** Whether what `of` says of it now is what it will say for good; of an environment that is hidden, for all that can be told. */
  isSettled(process: ProcessStat): boolean;
  /** Forgets all processes but these. */
  keep(living: readonly ProcessStat[]): void;
}

/** Between fork and exec an environment is still the parent's: what two readings so far apart agree on counts for good. */
const AGREE_MS = 1000;

interface Known {
  readonly startTime: string;
  readonly reading: MarkReading;
  /** When it was first read so, in milliseconds. */
  readonly since: number;
  readonly settled: boolean;
  /** Two readings so far apart agree, whatever they say. */
  readonly agreed: boolean;
}

/**
 * A process that was started with our mark is ours whatever it executes or writes over its environment later, and one
 * that was started without is not. `now`: a clock that nobody can set.
 */
export function createKnownMarks(table: Pick<ProcessTable, 'mark'>, now: () => number): KnownMarks {
  let known = new Map<number, Known>();

  function read({ pid, startTime }: ProcessStat, before: Known | undefined): MarkReading {
    const at = now();
    const reading = table.mark(pid);
    const agrees = before !== undefined && isSame(before.reading, reading);
    const since = agrees ? before.since : at;
    const agreed = at - since >= AGREE_MS;
    known.set(pid, { startTime, reading, since, settled: reading.type !== 'Unreadable' && agreed, agreed });
    return reading;
  }

  return {
    of(process) {
      const before = known.get(process.pid);
      if (before?.startTime !== process.startTime) return read(process, undefined);
      return before.settled ? before.reading : read(process, before);
    },
    isSettled({ pid, startTime }) {
      const last = known.get(pid);
      return last?.startTime === startTime && last.agreed;
    },
    keep(living) {
      const pids = new Set(living.map(({ pid }) => pid));
      known = new Map([...known].filter(([pid]) => pids.has(pid)));
    },
  };
}

function isSame(before: MarkReading, after: MarkReading): boolean {
  if (before.type !== 'Marked' || after.type !== 'Marked') return before.type === after.type;
  return before.uid === after.uid && before.agent === after.agent && before.run === after.run;
}
