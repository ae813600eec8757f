import type { ProcessState } from '../api/observed.ts';
import type { ListedPane } from './pane-format.ts';
import type { ProcessEnd, ProcessTable } from './process-table.ts';

export interface PaneProcess {
  readonly process: ProcessState;
  readonly processStart?: string;
  /** How it ended, where tmux has not noticed and the process table says it. */
  readonly ended?: ProcessEnd;
  /** Whether the process is one that we started, as far as can be told. */
  readonly ours: boolean;
}

export interface PaneProcesses {
  look(pane: ListedPane): PaneProcess;
  /** Whether a process that was there has ended, whatever tmux knows of it. */
  hasEnded(pid: number): boolean;
}

/** A process that lacks our mark twice, so far apart, is not ours; just after the fork its environment is still tmux's. */
const SECOND_LOOK_MS = 500;
const KEPT = 10_000;

/** What the process table says of the first process of a pane that bears our mark. */
export function createPaneProcesses(
  table: ProcessTable,
  now: () => number,
  /** Told that a pane is to be looked at once more, `inMs` from now: nobody else will say so. */
  onSuspect: (pane: ListedPane, inMs: number) => void = () => undefined,
): PaneProcesses {
  const known = new Map<string, 'ours' | { readonly suspectSince: number }>();

  function judge(pane: ListedPane, startTime: string): 'ours' | 'suspect' | 'foreign' {
    const { pid } = pane;
    const key = `${pid} ${startTime}`;
    const verdict = known.get(key);
    if (verdict === 'ours') return verdict;
    const mark = table.mark(pid);
    if (mark.type === 'Unreadable') return 'ours';
    if (mark.type === 'Marked') {
      if (known.size >= KEPT) known.clear();
      known.set(key, 'ours');
      return 'ours';
    }
    if (verdict === undefined) {
      known.set(key, { suspectSince: now() });
      onSuspect(pane, SECOND_LOOK_MS);
      return 'suspect';
    }
    return now() - verdict.suspectSince < SECOND_LOOK_MS ? 'suspect' : 'foreign';
  }

  return {
    hasEnded(pid) {
      const stat = table.stat(pid);
      return stat === 'Gone' || (typeof stat !== 'string' && stat.zombie);
    },
    look(pane) {
      const { pid, dead, mark, exitCode, signal } = pane;
      if (mark === undefined) return { process: 'Unknown', ours: false };
      if (dead && (exitCode !== undefined || signal !== undefined)) return { process: 'Gone', ours: true };
      const stat = table.stat(pid);
      if (typeof stat === 'string') return { process: stat, ours: true };
      if (stat.zombie) {
        const { startTime: processStart, ended } = stat;
        return { process: 'Zombie', processStart, ours: true, ...(dead && ended !== undefined && { ended }) };
      }
      // Its terminal closes before it is a zombie, and tmux knows how it ended once it was one.
      if (dead && stat.exiting) return { process: 'Zombie', processStart: stat.startTime, ours: true };
      if (dead) {
        // The pane is dead: only a process of this very run is the one that lost its terminal.
        const reading = table.mark(pid);
        const same = reading.type === 'Marked' && reading.run === mark.run;
        return { process: same ? 'Alive' : 'Gone', ours: true };
      }
      const verdict = judge(pane, stat.startTime);
      // Without its start time nobody can send it a signal: it may be a person's program in our pane.
      if (verdict === 'suspect') return { process: 'Alive', ours: true };
      return { process: 'Alive', processStart: stat.startTime, ours: verdict === 'ours' };
    },
  };
}
