import type { SourceDecision, SourceInput } from '../../api/following.ts';
import type { GitSource, GitSourceStatus, SourceObject } from '../../api/generated/all.ts';
import type { CurrentRevision, LookOutcome } from '../../api/git-revision.ts';
import type { Key } from '../../api/key.ts';
import type { StoredObject } from '../../api/metadata.ts';
import type { Ground } from '../../api/queueing.ts';
import type { StateStore } from '../ports.ts';

export type StoredSource = StoredObject<GitSourceStatus>;

export interface SourceRecords {
  read(key: Key): StoredSource | undefined;
  write(key: Key, object: StoredSource): void;
  remove(key: Key): void;
  event: StateStore['recordEvent'];
}

/** What stands on disk of the sources. A write that fails rejects or throws, and is tried again. */
export interface SourceFiles {
  current(name: string): CurrentRevision | undefined;
  kept(name: string): readonly SourceObject[];
  /** Takes over another policy; true if that changes anything of what is in force. */
  setPrune(name: string, prune: boolean): boolean;
  /** Clears up behind a source that is gone. */
  leave(name: string): Promise<void>;
}

/** Looks at one repository and puts in force what it finds, if that is good. */
export type SourceLook = (source: GitSource, signal: AbortSignal) => Promise<LookOutcome>;

/** Looks what one repository holds, and notes it; puts nothing in force. Whether that could be seen. */
export type SourcePeek = (source: GitSource, signal: AbortSignal) => Promise<boolean>;

/** The pure decisions. */
export interface SourceMind {
  decide(input: SourceInput): SourceDecision;
  unmet(
    source: string,
    dependencies: {
      dependsOn(source: string): readonly string[] | undefined;
      isReady(source: string): boolean;
      names(): readonly string[];
    },
  ): Ground | undefined;
}

/** What metrics hear of the sources. */
export interface SourceHooks {
  onLook(result: LookOutcome['type'], ms: number): void;
  onSource(name: string, isReady: boolean): void;
  onForgotten(name: string): void;
}
