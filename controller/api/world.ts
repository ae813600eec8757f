import type { StoredObject } from './metadata.ts';
import type { Look, MarkedProcess, PaneMark } from './observed.ts';

/** Whose something with our mark is: this controller's, another's, or nobody can tell. */
export type Ownership = 'Ours' | 'Others' | 'Unknown';

/** A session that bears our mark. */
export interface WorldSession {
  readonly server: string;
  readonly id: string;
  readonly name: string;
  readonly uid: string;
  readonly project: string;
  readonly ownership: Ownership;
}

/** A pane that bears our mark. */
export interface WorldPane {
  readonly server: string;
  readonly sessionId: string;
  readonly id: string;
  readonly pid: number;
  readonly dead: boolean;
  readonly mark: PaneMark;
}

export interface WorldProcess extends MarkedProcess {
  readonly ownership: Ownership;
}

/** A work tree that bears our mark, or that somebody's record names. */
export interface WorldTree {
  /** Without symbolic links. */
  readonly path: string;
  /** Git's record of it is there, and its folder may be, or is known not to be. */
  readonly isThere: boolean;
  /** Without refs/heads/; absent: none is checked out. */
  readonly branch?: string;
  /** The branch that is rebased or bisected there; git has none checked out meanwhile. */
  readonly underWay?: string;
  readonly project: string;
  /** The agent's name, or what it is for. */
  readonly tree: string;
  readonly ownership: Ownership;
  /** It is locked by muxlet. One that was left to a person is not. */
  readonly isHeld: boolean;
}

/** A repository in which a project of this controller has, or had, work trees. */
export interface WorldRepository {
  readonly path: string;
  readonly look: Look<{
    readonly trees: readonly WorldTree[];
    /** Under refs/muxlet/ and refs/heads/muxlet/, with what they lead to. */
    readonly refs: ReadonlyMap<string, string>;
    /** Whose the branches of a project's name are, where that is written down. */
    readonly claims: ReadonlyMap<string, Ownership>;
  }>;
}

/** What the specs say of a project, as far as it can be compared with what is there. */
export interface WantedProject {
  readonly specHash: string;
  /** Its session is to be gone once it has finished. */
  readonly endsSession: boolean;
}

/**
 * Everything at once, each looked at from scratch: what is wanted, what is on record, what bears our mark in tmux and
 * among the processes, whoever it belongs to. Processes are looked at before tmux: one that has started since is in
 * neither list or in tmux's alone.
 */
export interface World {
  readonly wanted: ReadonlyMap<string, WantedProject>;
  /** A spec could not be read: what is not wanted may only not be known. */
  readonly specsUnsure: boolean;
  /** Projects on record. */
  readonly objects: readonly StoredObject[];
  /** The uid in the inventory, by project. */
  readonly inventory: ReadonlyMap<string, string>;
  readonly tmux: Look<{ readonly sessions: readonly WorldSession[]; readonly panes: readonly WorldPane[] }>;
  readonly processes: Look<readonly WorldProcess[]>;
  /** Absent: nobody looked. */
  readonly repositories?: readonly WorldRepository[];
  /** Paths on record whose real ones differ. */
  readonly realPaths?: ReadonlyMap<string, string>;
}

/** Something that is there and should not be, or the other way round. */
export interface Mismatch {
  readonly type: MismatchType;
  /** `project/web`, or what there is no object of. */
  readonly object: string;
  readonly message: string;
}

/** The same disagreement in two looks, whatever it shows in between: processes come and go. */
export function mismatchKey({ type, object }: Mismatch): string {
  return `${type} ${object}`;
}

export const MISMATCHES = [
  /** Our mark, and no object. */
  'Orphan',
  /** Processes of a run that has no living pane. */
  'Zombie',
  /** A second session of one object, or one that should have ended with the work. */
  'LeftoverSession',
  /** An object on record, and no spec, session nor process. */
  'Phantom',
  /** A spec that is not in force. */
  'Unapplied',
  /** An agent runs by its record, and has no living pane. */
  'MissingPane',
  /** An agent's record names another process than its pane. */
  'WrongProcess',
  /** An agent runs, and its object's record does not know it. */
  'Unrecorded',
  /** Two living panes of one agent. */
  'DuplicateAgent',
  /** It is being removed, and something of it is left. */
  'UnconfirmedDelete',
  /** tmux, the processes, a repository or a spec could not be looked at. */
  'NotLooked',
] as const;

/** Where repositories were looked at as well. */
export type RepositoryMismatch =
  /** A work tree that bears our mark, of no object. */
  | 'OrphanWorkTree'
  /** An agent's record names a work tree that is not there. */
  | 'MissingWorkTree'
  /** Another branch is checked out in a work tree than its agent's, or none. */
  | 'BranchMoved'
  /** A reference of muxlet's in a repository, of no object. */
  | 'OrphanRef';

export type MismatchType = (typeof MISMATCHES)[number] | RepositoryMismatch;

/** What is left over, with everything of it that is there. */
export interface Leftover {
  readonly type: 'Orphan' | 'Zombie' | 'LeftoverSession' | 'Phantom';
  readonly project: string;
  readonly uid: string;
  readonly ownership: Ownership;
  readonly sessions: readonly WorldSession[];
  readonly panes: readonly WorldPane[];
  readonly processes: readonly WorldProcess[];
  /** When its latest run began, milliseconds since the epoch; undefined: nobody knows. */
  readonly startedAt: number | undefined;
}
