/** Where in its repository a project's agents work, and what of that can be seen. */
import type { GitStatus, KeptWork, WorkTree, WorkTreeFile, WorkTreeStatus } from './generated/all.ts';
import type { Look } from './look.ts';

/** Work trees that a project wants; absent where its agents work in a directory that is none of ours. */
export interface DesiredWorkspace {
  readonly repo: DesiredRepository;
  /** What the work begins from. Default: the HEAD of the repository. */
  readonly ref?: string;
  readonly policy: 'PerAgent' | 'Shared';
  /** Absolute; the work trees of the project are folders in it, and nothing else of ours is. */
  readonly root: string;
  readonly files: readonly WorkTreeFile[];
  readonly setUp?: { readonly argv: readonly string[]; readonly timeoutMs: number };
  /** So long work may lie uncommitted before its agent is reminded, in milliseconds; 0: for ever. */
  readonly remindAfterMs: number;
  readonly onDelete: NonNullable<WorkTree['onDelete']>;
}

export type DesiredRepository =
  /** A person's: nothing in it is touched but refs under refs/heads/muxlet/ and refs/muxlet/, and its list of work trees. */
  | { readonly type: 'Local'; readonly path: string }
  /** One that we cloned ourselves; `path` is the clone. */
  | {
      readonly type: 'Remote';
      readonly path: string;
      readonly url: string;
      readonly credentials?: DesiredCredentials;
    };

/** References to secrets, never the secrets. Paths are absolute. */
export interface DesiredCredentials {
  readonly username: string;
  readonly passwordFrom?: { readonly file: string } | { readonly env: string };
  readonly identityFile?: string;
  readonly knownHostsFile?: string;
}

/** An agent's work tree, as its name and the project's give it. */
export interface DesiredWorkTree {
  /** Absolute. */
  readonly path: string;
  /** Without refs/heads/. */
  readonly branch: string;
}

/** What is known of a project's work trees. */
export interface WorkspaceLook {
  /** Of the request that this comes from: the hash. */
  readonly asked?: string;
  /** By the agents' names. */
  readonly trees: ReadonlyMap<string, WorkTreeStatus>;
  /** The commit that the work of the present attempt is counted from. */
  readonly base?: string;
  /** Newly kept, and not yet in the status. */
  readonly kept: readonly KeptWork[];
  /** Nothing of it is left to decide: an object that is being deleted may go. */
  readonly released: boolean;
  /** Why it is not, for a person. */
  readonly held?: string;
}

/** What git says of a directory. Commits are told as far as they are not in the base, the newest first. */
export interface GitFacts {
  readonly status: Omit<GitStatus, 'state' | 'message' | 'remindedAt' | 'dirtySince'>;
  readonly commits: readonly CommitFact[];
  /** When HEAD last moved, by its own log, in milliseconds since the epoch: no date that a commit claims. */
  readonly movedAt?: number;
}

/** What ahead and behind are counted from: a commit; null: nothing, since there was none when the attempt began. */
export type GitBase = string | null;

export interface CommitFact {
  readonly hash: string;
  /** Of its making (the committer's date), in milliseconds since the epoch. */
  readonly at: number;
  /** The whole message; long ones are cut. */
  readonly message: string;
}

/** By the agents' names; agents whose directories are no work trees of git are absent. */
export type GitLooks = ReadonlyMap<string, Look<GitFacts>>;
