/** What a round of finishing needs of git, processes and files, in its own words. A port that fails rejects. */
import type { Look, MarkedProcess } from '../../api/observed.ts';

/** Reads one repository. */
export interface HistoryLooks {
  /** Undefined: there is no such thing. */
  commitOf(name: string): Promise<string | undefined>;
  isAncestor(commit: string, of: string): Promise<boolean>;
  areRelated(one: string, other: string): Promise<boolean>;
  /** Of several commits those that are in none of the others. */
  independentOf(commits: readonly string[]): Promise<ReadonlySet<string>>;
  /** Where the branch itself went since it left `base`, the newest first; `merged`: what came in on the way. */
  stepsSince(
    base: string,
    tip: string,
  ): Promise<readonly { readonly email: string; readonly merged: readonly string[] }[]>;
}

/** An agent's branch, and where it stands. */
export interface Tip {
  readonly agent: string;
  readonly branch: string;
  readonly commit: string;
}

export interface BackupPorts {
  /** References below a prefix whose commits are in another one, the oldest first. */
  within(prefix: string, commit: string): Promise<readonly { readonly ref: string; readonly commit: string }[]>;
  /** One that cannot be dropped stays. */
  drop(ref: string, commit: string): Promise<unknown>;
}

export interface TreeLooks {
  workTrees(): Promise<readonly SeenTree[]>;
  /** A path as the list of work trees has it. */
  resolved(path: string): Promise<string>;
}

export interface SeenTree {
  readonly path: string;
  readonly head: string | undefined;
  readonly branch: string | undefined;
  /** Why; undefined: it is not. */
  readonly locked: string | undefined;
  /** Its folder is. */
  readonly isThere: boolean;
}

export interface TreeHands {
  /** Goes into the lock of every work tree that we make. */
  readonly mark: string;
  open(path: string, commit: string): Promise<void>;
  remove(path: string): Promise<void>;
}

export interface MergeHands {
  /** Undefined: merged. Else what went wrong; a conflict is still in the tree then. */
  merge(tree: string, what: { readonly commit: string; readonly message: string }): Promise<Error | undefined>;
  headOf(tree: string): Promise<string>;
  unmergedFiles(tree: string): Promise<readonly string[]>;
  abort(tree: string): Promise<void>;
  /** `from` undefined: the reference must not be there yet. */
  moveRef(move: { readonly ref: string; readonly to: string; readonly from: string | undefined }): Promise<void>;
}

export interface PublishHands {
  hasRemote(name: string): Promise<boolean>;
  fastForward(move: {
    readonly branch: string;
    readonly commit: string;
  }): Promise<{ readonly ok: boolean; readonly error?: string }>;
  /** Ended by the signal, it rejects. */
  push(
    what: { readonly remote: string; readonly branch: string; readonly commit: string },
    signal: AbortSignal,
  ): Promise<void>;
}

export type CommandEnd =
  | { readonly type: 'Passed' }
  /** The command is to blame, or what it was run on. */
  | { readonly type: 'Failed'; readonly message: string }
  /** It says nothing of the work: there was no process to be had. */
  | { readonly type: 'Unknown'; readonly message: string }
  | { readonly type: 'Aborted' };

/** Keeps what commands print, and only so much of it. None of it fails: a disk that is full refuses nobody's work. */
export interface CommandLog {
  readonly path: string;
  /** A line of our own. */
  note(line: string): void;
  write(chunk: Buffer): void;
  /** @returns the last lines, without secrets */
  close(): Promise<readonly string[]>;
}

export interface CommandHands {
  /** With the project's marks in its environment; it and its whole group have ended when this settles. */
  run(
    command: { readonly argv: readonly string[]; readonly timeoutMs: number },
    place: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly log: CommandLog },
    signal: AbortSignal,
  ): Promise<CommandEnd>;
  openLog(name: 'verify' | 'publish'): CommandLog;
  /** Puts the files that a work tree needs beside its commit into it. */
  provide(tree: string): Promise<void>;
}

/** Those that rounds of this project started, now or in an earlier life of the controller. */
export interface ProcessPorts {
  look(): Promise<Look<readonly MarkedProcess[]>>;
  signal(processes: readonly MarkedProcess[], signal: 'TERM' | 'KILL'): void;
  /** Milliseconds. */
  pause(ms: number): Promise<void>;
}

export interface RoundPorts {
  readonly history: HistoryLooks;
  readonly trees: TreeLooks & TreeHands;
  readonly merging: MergeHands;
  readonly backups: BackupPorts;
  readonly publishing: PublishHands;
  readonly commands: CommandHands;
  readonly processes: ProcessPorts;
  readonly now: () => number;
}
