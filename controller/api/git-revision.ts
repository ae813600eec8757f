import type { GitRef, SourceObject } from './generated/all.ts';
import type { Problem } from './problem.ts';
import type { Reason } from './reasons.ts';

/** A revision of a GitSource that was exported into its folder; nothing in the folder changes any more. */
export interface ExportedRevision {
  /** `main@sha1:3f2a…` */
  readonly revision: string;
  readonly commit: string;
  /** The folder of the repository that was exported. */
  readonly path: string;
  readonly url: string;
  /** Who signed it, where that was asked for. */
  readonly signer?: string;
  /** Name of its folder below the source's revisions/. */
  readonly folder: string;
  /** The spec files in it. */
  readonly files: readonly RevisionFile[];
}

export interface RevisionFile {
  /** From the folder, with '/' between. */
  readonly path: string;
  /** Id of the content in git: the same content has the same id in every revision. */
  readonly oid: string;
}

/** What is in force of a GitSource. */
export interface CurrentRevision extends ExportedRevision {
  /** Whether it ends with its GitSource. */
  readonly prune: boolean;
  /** ISO 8601. */
  readonly takenAt: string;
  readonly objects: readonly SourceObject[];
}

/** What became of a look at a repository. */
export type LookOutcome =
  /** It is in force now; `news` says in words what changed, empty if nothing did. */
  | { readonly type: 'Taken'; readonly revision: string; readonly news: string }
  /** The repository could not be had. */
  | { readonly type: 'Failed'; readonly reason: Reason; readonly message: string }
  /** It was had, and is not good: what was in force stays. */
  | {
      readonly type: 'Refused';
      readonly reason: Reason;
      readonly message: string;
      readonly revision?: string;
      readonly problems: readonly Problem[];
    };

/** As Flux writes it: the name that was followed, and the commit that it led to. */
export function revisionName(name: string, commit: string): string {
  const digest = `${commit.length === 64 ? 'sha256' : 'sha1'}:${commit}`;
  return name === '' ? digest : `${name}@${digest}`;
}

/** The name that a ref follows, as status shows it; empty where that is a bare commit. */
export function followedName(ref: GitRef | undefined, found?: string): string {
  return ref?.branch ?? ref?.tag ?? found ?? (ref?.commit === undefined ? 'HEAD' : '');
}
