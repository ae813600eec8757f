import type { ClaimMark } from './project-claim.ts';
import type { LockMark, WorkTreeMark } from './work-tree-mark.ts';

/** What was seen of a repository in which there are to be work trees. */
export interface RepositoryLook {
  /** The folder that all its work trees share: `.git`, or a bare repository itself. Real path. */
  readonly commonDir: string;
  /** The checkout that the spec names, whose files may be provided; absent: it is bare, or a clone of ours. */
  readonly checkout?: string;
  readonly entries: readonly TreeEntry[];
  /** Local branches under muxlet/PROJECT/ with their commits; without refs/heads/. */
  readonly branches: ReadonlyMap<string, string>;
  /** What is kept of the project under refs/muxlet/kept/, with the commits. */
  readonly kept: ReadonlyMap<string, string>;
  /** For which commits of the project a pull request was made: under refs/muxlet/published/. */
  readonly published?: ReadonlyMap<string, string>;
  /** The commit that the project's work began from, if any did. */
  readonly base?: string;
  /** What is written down of whose the branches of the project's name are. */
  readonly claim?: SeenClaim;
}

export interface SeenClaim {
  /** What the reference leads to. */
  readonly object: string;
  /** Absent: that is no mark of ours. */
  readonly mark?: ClaimMark;
  /** The state directory of its mark is not there any more. */
  readonly isAbandoned?: true;
}

/** A work tree that git knows of. */
export interface TreeEntry {
  /** Real path, as far as it is there. */
  readonly path: string;
  /** Without refs/heads/; absent: none is checked out. */
  readonly branch?: string;
  readonly head?: string;
  /** The reason; empty if it is locked without one. */
  readonly locked?: string;
  /** Git's own folder for it; absent for the main one. */
  readonly adminDir?: string;
  readonly mark?: WorkTreeMark;
  /** What its lock says, where that is ours. */
  readonly lockMark?: LockMark;
  /** Its files were checked out at some time: what is uncommitted there may be somebody's. */
  readonly hasIndex?: true;
  /** The state directory of its mark is not there any more. */
  readonly isAbandoned?: true;
}

/** What stands where a work tree is to be. */
export type FolderLook =
  | { readonly type: 'Nothing' }
  | { readonly type: 'NoFolder' }
  /** An empty folder. */
  | { readonly type: 'Empty' }
  /** A folder without `.git`, or with one that cannot be made out. */
  | { readonly type: 'Plain' | 'Corrupt' }
  /** A repository of its own. */
  | { readonly type: 'Repository' }
  /** A work tree: `.git` names git's folder for it. Real path, as far as it is there. */
  | { readonly type: 'WorkTree'; readonly adminDir: string; readonly exists: boolean };

/** What would be lost if a work tree went. */
export interface WorkLook {
  /** Absent: nothing is checked out yet. */
  readonly head?: string;
  readonly branch?: string;
  /** Tracked files that differ, and files that are neither tracked nor ignored. */
  readonly changed: number;
  readonly untracked: number;
  /** A branch, of here or of a remote, has the commit that is checked out. */
  readonly isHeadSafe: boolean;
  /** A merge, a rebase, …: it may have put changes aside, or know of commits that nothing else knows of. */
  readonly underWay?: string;
  /** A repository within it with work that is nowhere else: of a submodule, or in a folder that git ignores. */
  readonly within?: string;
}
