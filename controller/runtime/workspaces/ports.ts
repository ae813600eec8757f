/**
 * What the keeper of work trees needs of the other rooms. It holds one project's looks and steps together, one after the
 * other in each repository; what is to be done is decided by `WorkTreeMind`, which is pure.
 */
import type { DesiredEnv } from '../../api/desired.ts';
import type { WorkTreeFile } from '../../api/generated/all.ts';
import type { GitStep } from '../../api/git-verb.ts';
import type { Look } from '../../api/look.ts';
import type { ClaimMark } from '../../api/project-claim.ts';
import type { FolderLook, RepositoryLook, WorkLook } from '../../api/repository-look.ts';
import type { LockMark, WorkTreeMark } from '../../api/work-tree-mark.ts';
import type {
  Asker,
  Claim,
  Leaving,
  LeavingBranch,
  LeavingInput,
  TreeEnd,
  TreeInput,
  TreePlan,
} from '../../api/work-tree-plan.ts';
import type { WorkTreesRequest } from '../../api/work-trees-request.ts';
import type { DesiredRepository } from '../../api/workspace.ts';

export interface WorkTreeEyes {
  repository(request: {
    readonly path: string;
    readonly project: string;
    readonly isClone: boolean;
  }): Promise<Look<RepositoryLook>>;
  /** @throws where it could not be looked at: that says neither */
  exists(path: string): Promise<boolean>;
  folder(path: string): Promise<FolderLook>;
  realPath(path: string): Promise<string>;
  work(tree: string): Promise<Look<WorkLook>>;
  /** Undefined: there is no such commit. @throws MuxletError if git could not say */
  commit(repository: string, ref: string | undefined, isClone: boolean): Promise<string | undefined>;
  /** Whether a branch that is not one of muxlet's has the commit; undefined: git failed. */
  isMerged(repository: string, commit: string): Promise<boolean | undefined>;
  /** Processes that have the folder, or one in it, for their directory. */
  occupants(path: string): readonly number[];
  /** Whether a git is at work on it that an earlier life of ours has started. */
  isGitLeft(path: string): boolean;
}

export interface WorkTreeMind {
  claimOf(look: RepositoryLook, asker: Asker): Claim;
  planTree(input: TreeInput): TreePlan;
  leavingTrees(look: RepositoryLook, request: WorkTreesRequest, asker: Asker): readonly Leaving[];
  planLeaving(input: LeavingInput): TreeEnd;
  leavingBranches(look: RepositoryLook, request: WorkTreesRequest, gone: readonly string[]): readonly LeavingBranch[];
  keptRef(project: string, tree: string, at: number): string;
}

export interface WorkTreeHands {
  clone(repository: Extract<DesiredRepository, { readonly type: 'Remote' }>, signal: AbortSignal): Promise<GitStep>;
  fetch(repository: Extract<DesiredRepository, { readonly type: 'Remote' }>, signal: AbortSignal): Promise<GitStep>;
  claim(
    repository: string,
    request: { readonly project: string; readonly mark: ClaimMark; readonly from: string | undefined },
  ): Promise<GitStep>;
  /** Removes a clone of ours, if nothing is in it that is nowhere else. */
  dropClone(path: string): Promise<boolean>;
  takeBase(repository: string, project: string, commit: string): Promise<GitStep>;
  createRef(repository: string, ref: string, commit: string): Promise<GitStep>;
  deleteRef(repository: string, ref: string, commit: string): Promise<GitStep>;
  add(
    repository: string,
    request: { readonly path: string; readonly branch: string; readonly mark: LockMark },
  ): Promise<GitStep>;
  mark(adminDir: string, mark: WorkTreeMark): Promise<GitStep>;
  repairLink(path: string, adminDir: string): Promise<GitStep>;
  restoreFiles(path: string, adminDir: string): Promise<GitStep>;
  fill(path: string, adminDir: string, isFree: boolean): Promise<GitStep>;
  provide(request: {
    readonly checkout: string | undefined;
    readonly tree: string;
    readonly files: readonly WorkTreeFile[];
  }): Promise<GitStep>;
  setUp(request: SetUpRequest): Promise<GitStep>;
  save(request: SaveRequest): Promise<SaveResult>;
  /** What was staged where the folder is gone. */
  saveStaged(request: {
    readonly repository: string;
    readonly adminDir: string;
    readonly head: string | undefined;
    readonly ref: string;
    readonly message: string;
  }): Promise<Exclude<SaveResult, { readonly type: 'Inseparable' }> | { readonly type: 'Nothing' }>;
  /** Takes out what is uncommitted; with a commit, if it is what was saved as that. */
  clean(tree: string, adminDir: string, saved: string | undefined): Promise<GitStep>;
  unlock(repository: string, path: string): Promise<GitStep>;
  remove(repository: string, request: { readonly path: string; readonly isLocked: boolean }): Promise<GitStep>;
}

export interface SetUpRequest {
  readonly uid: string;
  readonly tree: string;
  readonly path: string;
  readonly argv: readonly string[];
  readonly timeoutMs: number;
  readonly env: readonly DesiredEnv[];
  readonly signal: AbortSignal;
}

export interface SaveRequest {
  readonly tree: string;
  readonly adminDir: string;
  readonly ref: string;
  readonly message: string;
}

export type SaveResult =
  | { readonly type: 'Saved'; readonly commit: string }
  | { readonly type: 'Inseparable'; readonly path: string }
  | { readonly type: 'Failed'; readonly step: Extract<GitStep, { readonly ok: false }> };

export interface WorkTreePorts {
  readonly eyes: WorkTreeEyes;
  readonly mind: WorkTreeMind;
  readonly hands: WorkTreeHands;
  /** This controller in marks, and its state directory. */
  readonly home: string;
  readonly state: string;
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
}
