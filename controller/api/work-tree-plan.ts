import type { Reason } from './reasons.ts';
import type { FolderLook, RepositoryLook, TreeEntry, WorkLook } from './repository-look.ts';
import type { WorkTreeMark } from './work-tree-mark.ts';
import type { WantedTree, WorkspacePlace } from './work-trees-request.ts';

/** Who asks: a project of this controller. */
export interface Asker {
  readonly project: string;
  readonly uid: string;
  /** See homeMark. */
  readonly home: string;
}

export type Claim =
  | { readonly type: 'Ours' }
  /** To be written down; in the place of what stands there, if `from` says so. */
  | { readonly type: 'Free'; readonly from?: string }
  | { readonly type: 'Others'; readonly message: string };

export type TreePlan =
  /** Somebody may work there. */
  | { readonly type: 'Ready'; readonly adminDir: string; readonly branch: string; readonly isTakenUp: boolean }
  | { readonly type: 'Refused'; readonly reason: Reason; readonly message: string }
  /** There is none: the branch is made first, if `from` says of which commit, then it is checked out. */
  | { readonly type: 'Add'; readonly branch: string; readonly from?: string }
  /** It is ours, and its folder is gone, or does not lead to git any more. */
  | {
      readonly type: 'Repair';
      readonly adminDir: string;
      readonly branch: string;
      readonly isGone: boolean;
      readonly stage: WorkTreeMark['stage'];
    }
  /** It is ours, and not as far as it is to be. */
  | {
      readonly type: 'Finish';
      readonly adminDir: string;
      readonly branch: string;
      readonly stage: WorkTreeMark['stage'];
    };

export interface TreeInput {
  readonly asker: Asker;
  readonly wanted: WantedTree;
  /** The wanted path without symbolic links. */
  readonly realPath: string;
  readonly repository: RepositoryLook;
  readonly folder: FolderLook;
  /** The commit that new branches begin from. */
  readonly base: string;
}

/** A work tree that is to go. */
export interface Leaving {
  readonly entry: TreeEntry;
  readonly tree: string;
}

export type TreeEnd =
  /** It stays, for a person. */
  | { readonly type: 'Keep'; readonly message: string }
  /** What is uncommitted is saved first; the rest is as with Remove. */
  | {
      readonly type: 'Save' | 'Discard' | 'Remove';
      readonly saveHead?: string;
      /** Its folder is gone: what was staged there is saved, if it is more than what is checked out. */
      readonly saveStaged?: true;
    };

export interface LeavingInput {
  readonly leaving: Leaving;
  /** Absent: its folder is gone. */
  readonly work?: WorkLook;
  /** For one whose folder is gone with no branch checked out: whether a branch has its commit. */
  readonly isHeadSafe?: boolean;
  /** Processes that have it for their directory. */
  readonly occupants: readonly number[];
  readonly onDelete: WorkspacePlace['onDelete'];
  /** What is made next takes its place. */
  readonly isReset: boolean;
}

/** A branch without a work tree, of which nobody has need. */
export interface LeavingBranch {
  readonly branch: string;
  readonly tree: string;
  readonly commit: string;
}
