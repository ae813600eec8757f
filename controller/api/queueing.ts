import type { Admission, Claim } from './admission.ts';
import type { EventNote } from './decision.ts';
import type { QueueSpec, QueueStatus, Slot } from './generated/all.ts';
import type { Reason } from './reasons.ts';

/** What its place in the line follows from. */
export interface Rank {
  readonly project: string;
  readonly priority: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Place among those that were created at the same time; 0 where that is not on record. */
  readonly order: number;
}

/** A project that names the queue, or has one of its slots. */
export interface QueueEntry extends Rank {
  readonly uid: string;
  readonly hold: boolean;
  /** How many agents it has of each class. */
  readonly agents: ReadonlyMap<string, number>;
  /** What it asks for, by its last decision. */
  readonly claim: Claim;
  /** By what is on record, one of its agents has a process. */
  readonly mayRun: boolean;
  /** What that decision was told. */
  readonly told: Admission['type'] | undefined;
  /** A decision is under way that was told that the project is admitted: it may start something. */
  readonly deciding: boolean;
  /** It names this queue; a slot that it has although it does not goes back. */
  readonly belongs: boolean;
  /** Why it is not to begin, whatever place it has in the line. */
  readonly unmet: Ground | undefined;
  readonly outcome: ProjectOutcome;
}

/** How a project's attempts ended. */
export interface ProjectOutcome {
  readonly result: 'Completed' | 'Failed' | undefined;
  /** When attempts failed, ISO 8601. */
  readonly failures: readonly string[];
  /** A person suspended it: until it is resumed there is no end to wait for. */
  readonly suspended?: true;
}

export interface Ground {
  readonly reason: Reason;
  readonly message: string;
}

/** What was seen of the machine. */
export interface MachineLook {
  /** Bytes; undefined if they could not be read. */
  readonly availableMemory: number | undefined;
  /** The load average of the last minute, divided by the number of processors. */
  readonly loadPerCPU: number | undefined;
}

/** Everything that a decision about a Queue is made from. */
export interface QueueInput {
  readonly name: string;
  readonly spec: QueueSpec;
  readonly generation: number;
  readonly previous: QueueStatus | undefined;
  readonly entries: readonly QueueEntry[];
  /** Owners of slots, by uid, that are there and were not looked at yet. */
  readonly unseen: ReadonlySet<string>;
  /** Projects that nobody has looked at since the start: one of them may run. */
  readonly notLooked: number;
  /** Those that were just read, and that nobody has looked at yet: who comes behind them waits for that. */
  readonly expected: readonly Rank[];
  readonly machine: MachineLook;
  readonly now: number;
}

export interface QueueDecision {
  readonly status: QueueStatus;
  readonly events: readonly EventNote[];
  /** Who was given a slot by this decision. */
  readonly admitted: readonly Slot[];
  /** Who has none, in order, each with why. */
  readonly line: readonly Waiting[];
  readonly againMs: number | undefined;
  /** Who is to be looked at now, since others wait for that. */
  readonly awaited: string | undefined;
}

export interface Waiting extends Ground {
  readonly project: string;
}
