import type { Action } from './action.ts';
import type { Admission, Claim, Overlay } from './admission.ts';
import type { Desired, StopPolicy } from './desired.ts';
import type { ProjectStatus } from './generated/all.ts';
import type { OwnedMeta } from './metadata.ts';
import type { ObservedProject } from './observed.ts';
import type { Reason } from './reasons.ts';
import type { Word } from './word.ts';
import type { WorkspacePlace } from './work-trees-request.ts';

/** Everything that a decision about a Project is made from. */
export interface ProjectInput {
  readonly meta: OwnedMeta;
  readonly desired: Desired;
  /** The last status that was written, if there is one. */
  readonly previous: ProjectStatus | undefined;
  /** How agents that the spec no longer names are to be ended, from the inventory. */
  readonly stops: ReadonlyMap<string, StopPolicy>;
  /** Where work trees of it may be, from the inventory; absent: nowhere. */
  readonly places?: readonly WorkspacePlace[];
  readonly observed: ObservedProject;
  /** The tmux server that the session is on, or is to be put on. */
  readonly server: string;
  readonly admission: Admission;
  readonly overlay: Overlay;
  /** Runs that began before belong to an earlier boot of the machine; absent: none does. Milliseconds since the epoch. */
  readonly rebootedAt?: number;
  /** What the last action that failed said, until one succeeds. */
  readonly failure: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /**
   * Milliseconds for which the project was looked after since the time that `previous.run.countedAt` tells: without
   * those in which no controller ran or the machine slept, and whatever was done to the clock.
   */
  readonly uncountedMs: number;
}

/** What is decided: a frozen value that a dry run prints, a test compares and the hands carry out. */
export interface Decision {
  readonly actions: readonly Action[];
  readonly status: ProjectStatus;
  readonly lookAgain?: LookAgain;
  readonly events: readonly EventNote[];
  /** What agents are told, once the status is written. */
  readonly words: readonly Word[];
  readonly claim: Claim;
  /** Where there may be work trees of it from now on: on record before one is made. */
  readonly places?: readonly WorkspacePlace[];
  /** It has been finished for so long that what is kept of its agents' runs is to go. */
  readonly expired: boolean;
  /** Nothing of the object is left: its records may go. */
  readonly finished: boolean;
}

/** When to look again beside the resync: at a known time, or soon and then ever less often while things settle. */
export type LookAgain =
  | { readonly type: 'In'; readonly ms: number }
  | {
      readonly type: 'WhileSettling';
      /** Milliseconds after which something is due, however seldom it is looked by then. */
      readonly atLatestMs?: number;
    };

export interface EventNote {
  readonly type: 'Normal' | 'Warning';
  readonly reason: Reason;
  readonly message: string;
  /** The agent of the object that it concerns, by its name. */
  readonly agent?: string;
}
