import type { EventNote } from './decision.ts';
import type { GitSourceSpec, GitSourceStatus, SourceObject } from './generated/all.ts';
import type { CurrentRevision, LookOutcome } from './git-revision.ts';
import type { Ground } from './queueing.ts';

/** A look at a repository that has ended since the last decision about its source. */
export interface FinishedLook {
  readonly outcome: LookOutcome;
  /** The generation of the spec that it was made for. */
  readonly generation: number;
  /** The request that it answers. */
  readonly asked: string | undefined;
}

/** Everything that a decision about a GitSource is made from. Times: milliseconds since the epoch. */
export interface SourceInput {
  readonly spec: GitSourceSpec;
  readonly generation: number;
  readonly previous: GitSourceStatus | undefined;
  /** What is in force, by the files. */
  readonly current: CurrentRevision | undefined;
  readonly kept: readonly SourceObject[];
  /** A look is under way. */
  readonly running: boolean;
  readonly finished: FinishedLook | undefined;
  /** For which generation the last look of this controller was begun; undefined: it has begun none. */
  readonly begunFor: number | undefined;
  /** Since then somebody said that there is something new. */
  readonly hinted: boolean;
  /** The last request of 'muxlet reconcile'. */
  readonly asked: string | undefined;
  /** Why it has to wait for other sources. */
  readonly unmet: Ground | undefined;
  readonly now: number;
  /** From 0 to 1: keeps those apart that would come at once. */
  readonly chance: number;
}

export interface SourceDecision {
  readonly status: GitSourceStatus;
  readonly events: readonly EventNote[];
  /** A look is to be begun. */
  readonly begin: boolean;
  /** When to decide again although nobody says anything, in milliseconds. */
  readonly againMs?: number;
}
