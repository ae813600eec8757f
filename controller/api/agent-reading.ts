import type { AgentStatus } from './generated/all.ts';

/** What a living agent does, as its class's sources tell it. `Unknown`: they contradict one another, or say nothing. */
export type AgentActivity = 'Starting' | 'Idle' | 'Busy' | 'Waiting' | 'NeedsAuth' | 'Limited' | 'Unknown';

/** What the sources of evidence say of one run of an agent, taken together. Times are milliseconds since the epoch. */
export interface AgentReading {
  readonly agent: string;
  readonly run: string;
  readonly state: AgentActivity;
  /** In one word, from the class's rule: PermissionPrompt, UsageLimit, Retrying, TurnFailed, … */
  readonly reason?: string;
  /** For a person; secrets already taken out. */
  readonly message?: string;
  /** The source that decided, and its rule; absent for `Unknown`. */
  readonly evidence?: NonNullable<AgentStatus['evidence']>;
  readonly rule?: string;
  /** Some source has told in this run what it does. */
  readonly heard?: true;
  /** When the evidence came about: what the record says, or when it was first seen. */
  readonly at: number;
  /** The last time that anything of the agent moved: a record, output on its terminal. */
  readonly movedAt: number;
  /** Whether the trouble passes by itself, if there is trouble. */
  readonly failure?: 'Transient' | 'Permanent';
  /** The id of its conversation, once known. */
  readonly conversation?: string;
  /** Its program was not given its prompt when it was started, since it takes none for a conversation that goes on. */
  readonly untold?: true;
  /** When a usage limit ends, if that could be read. */
  readonly limitEndsAt?: number;
  /** How much of the context is left, in percent. */
  readonly contextLeft?: number;
  /** The turns of work so far: a message is confirmed, and a failed turn is told, by them. */
  readonly turns: Turns;
}

export interface Turns {
  /** Prompts that the program recorded as taken, the newest last; at most 50. */
  readonly prompts: readonly TakenPrompt[];
  /** The same of the runs before this one, as far as records of them are still there: proof that something arrived. */
  readonly earlier?: readonly TakenPrompt[];
  /** How the last turn stands. */
  readonly last?: 'Begins' | 'Ends' | 'Fails' | 'Interrupted';
  readonly lastAt?: number;
}

export interface TakenPrompt {
  readonly at: number;
  /** The first 2,000 characters: enough to find a message's mark in. */
  readonly text: string;
}
