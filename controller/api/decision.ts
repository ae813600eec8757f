import type { Action } from './action.ts';
import type { Desired } from './desired.ts';
import type { ProjectStatus } from './generated/all.ts';
import type { OwnedMeta } from './metadata.ts';
import type { ObservedProject } from './observed.ts';
import type { Reason } from './reasons.ts';

/** Everything that a decision about a Project is made from. */
export interface ProjectInput {
  readonly meta: OwnedMeta;
  readonly desired: Desired;
  /** The last status that was written, if there is one. */
  readonly previous: ProjectStatus | undefined;
  /** How agents that the spec no longer names are to be ended, from the inventory. */
  readonly stops: ReadonlyMap<string, import('./desired.ts').StopPolicy>;
  readonly observed: ObservedProject;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What is decided: a frozen value that a dry run prints, a test compares and the hands carry out. */
export interface Decision {
  readonly actions: readonly Action[];
  readonly status: ProjectStatus;
  /** Milliseconds until the next look that the decision itself asks for. */
  readonly lookAgainInMs?: number;
  readonly events: readonly EventNote[];
  /** Nothing of the object is left: its records may go. */
  readonly finished: boolean;
}

export interface EventNote {
  readonly type: 'Normal' | 'Warning';
  readonly reason: Reason;
  readonly message: string;
}
