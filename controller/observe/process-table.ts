/**
 * The eyes. This room looks at tmux, processes and files, and changes nothing, whatever it meets. What it cannot see
 * it calls Unknown, never absent.
 */
import type { StartedBy } from '../api/observed.ts';
import type { Numbering } from './numbering.ts';

/** How a process ended: by itself, or by a signal. */
export type ProcessEnd = { readonly exitCode: number } | { readonly signal: number };

/** One line of the process table. */
export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** Process id of the session's leader (setsid(2)). */
  readonly session: number;
  readonly zombie: boolean;
  /** Its controlling terminal, by the name that it has among pseudo-terminals (pts(4)); absent where that is not known. */
  readonly terminal?: string;
  /** How a zombie ended, where the system says so: it is not collected yet, and its parent may have missed its end. */
  readonly ended?: ProcessEnd;
  /** It is ending and not a zombie yet: its files are closed, and its environment cannot be read any more. */
  readonly exiting?: true;
  /** As the system counts it; with the pid, the process's identity. */
  readonly startTime: string;
  /** The program's name as the kernel knows it; at most 15 characters on Linux. */
  readonly name: string;
  /** Processor time that it has used, in milliseconds. */
  readonly cpuMs?: number;
  /** The same of its children, and of theirs, that have ended and were waited for; absent where the system does not say. */
  readonly childrenCpuMs?: number;
  /** Memory that it has in use, in bytes; what it shares with others is counted with each of them. */
  readonly residentBytes?: number;
}

/** Our marks in a process's environment, or why they are not known. */
export type MarkReading =
  | {
      readonly type: 'Marked';
      readonly uid: string;
      readonly agent: string;
      readonly run: string;
      readonly project?: string;
      /** The controller that started it. */
      readonly startedBy?: StartedBy;
    }
  | { readonly type: 'Unmarked' }
  | { readonly type: 'Unreadable' };

export interface ProcessTable {
  /** 'Gone': there is no such process. 'Unknown': the table could not be read. */
  stat(pid: number): ProcessStat | 'Gone' | 'Unknown';
  mark(pid: number): MarkReading;
  /** All processes; undefined if the table could not be read. */
  all(): Promise<readonly ProcessStat[] | undefined>;
  /** The numbers alone, where they are to be had for less than everything; undefined if they could not be read. */
  pids?(): readonly number[] | undefined;
  /** Undefined where the system does not say. */
  numbering?(): Numbering | undefined;
  /** Those of the numbers that somebody bears; undefined if it cannot be told for sure. */
  bearers?(numbers: readonly number[]): readonly Bearer[] | undefined;
}

/** Who bears a number of the row in which processes and threads are numbered. */
export interface Bearer {
  readonly number: number;
  /** Absent: a thread's, which is no process of its own. */
  readonly stat?: ProcessStat;
}

const isVariable = (text: string): boolean => /^[A-Za-z_]\w*=/.test(text);

/** Finds our marks among `NAME=value` strings. */
export function readMark(variables: readonly string[]): MarkReading {
  const value = (name: string): string | undefined =>
    variables.find((variable) => variable.startsWith(`${name}=`))?.slice(name.length + 1);
  const uid = value('MUXLET_UID');
  // A program that writes its title over its environment (setproctitle), or whose environment the system hides, says
  // nothing: only an environment that can be read can lack our mark.
  if (uid === undefined) return { type: variables.some(isVariable) ? 'Unmarked' : 'Unreadable' };
  const project = value('MUXLET_PROJECT');
  const [state, socket] = [value('MUXLET_STATE'), value('MUXLET_TMUX_SOCKET')];
  return {
    type: 'Marked',
    uid,
    agent: value('MUXLET_AGENT') ?? '',
    run: value('MUXLET_RUN') ?? '',
    ...(project !== undefined && { project }),
    ...(state !== undefined && socket !== undefined && { startedBy: { state, socket } }),
  };
}
