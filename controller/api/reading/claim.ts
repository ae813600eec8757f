import type { AgentActivity } from '../agent-reading.ts';
import type { AgentStatus } from '../generated/all.ts';

export type KnownActivity = Exclude<AgentActivity, 'Unknown'>;
export type Evidence = NonNullable<AgentStatus['evidence']>;

/** What one piece of evidence says of an agent's state. Times are milliseconds since the epoch. */
export interface Claim {
  readonly evidence: Evidence;
  /** The place of its source in the order of trust: 0 is trusted most. */
  readonly trust: number;
  readonly rule: string;
  readonly state: KnownActivity;
  /** Further states that it does not rule out. */
  readonly or: readonly KnownActivity[];
  readonly reason?: string;
  readonly message?: string;
  readonly failure?: 'Transient' | 'Permanent';
  /** What says when a limit ends. */
  readonly limitText?: string;
  /** A turn that failed stays failed until something else happens. */
  readonly failedTurn: boolean;
  /** A turn began: what rested until then may not show it yet. */
  readonly beginsTurn?: true;
  /**
   * Moment: it happened at `at`. Present: it has been so since `at`, and was last looked at and found so at `seenAt`.
   */
  readonly tense: 'Moment' | 'Present';
  readonly at: number;
  readonly seenAt: number;
  /** Counts no more from then on. */
  readonly expiresAt?: number;
}

/** All that one piece of evidence tells: a state or none, and what is remembered of the conversation. */
export interface Said {
  readonly rule: string;
  readonly at: number;
  readonly claim?: Claim;
  readonly turn?: 'Begins' | 'Ends' | 'Fails' | 'Interrupted';
  readonly prompt?: string;
  readonly conversation?: string;
  /** The program has begun this conversation in place of the one that it was in. */
  readonly renews?: true;
  /** The program has come up. */
  readonly started?: true;
  readonly work?: WorkTold;
  /** Percent. */
  readonly contextLeft?: number;
}

/** Something that goes on beside the turn began or ended. */
export interface WorkTold {
  readonly moves: 'Begins' | 'Ends';
  readonly id: string;
  readonly evidence: Evidence;
}
