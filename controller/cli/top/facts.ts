/** What the view shows, as of one moment: everything that was gathered, and nothing of how it will look. */

/** What all processes of one or more agents use together. */
export interface Usage {
  /** Percent of one core since the last look; absent at the first one. */
  readonly cpu?: number;
  /** Resident bytes. */
  readonly memory: number;
  readonly processes: number;
}

export interface MailCounts {
  readonly waiting: number;
  readonly delivered: number;
}

interface Named {
  /** Names it among the rows of its view. */
  readonly name: string;
}

export interface AgentRow extends Named {
  readonly project: string;
  readonly agent: string;
  /** Its folder in state/agents/; '' of one that no controller has seen yet. */
  readonly uid: string;
  readonly class: string;
  readonly role: string;
  readonly state: string;
  readonly reason: string;
  readonly message: string;
  readonly evidence: string;
  /** Times are milliseconds since the epoch. */
  readonly evidenceAt?: number;
  readonly startedAt?: number;
  readonly restarts: number;
  readonly usage?: Usage;
  readonly branch: string;
  readonly ahead?: number;
  readonly dirty?: number;
  readonly commitAt?: number;
  readonly mail: MailCounts;
}

export interface ProjectRow extends Named {
  readonly phase: string;
  readonly ready: number;
  readonly wanted: number;
  readonly reason: string;
  readonly message: string;
  readonly queue: string;
  readonly restarts: number;
  readonly usage?: Usage;
  /** Commits of all its agents that their bases have not. */
  readonly ahead?: number;
  readonly commitAt?: number;
  readonly mail: MailCounts;
  readonly createdAt?: number;
  /** What is left of the attempt's time, in words. */
  readonly left: string;
  readonly attempt?: number;
}

export interface QueueRow extends Named {
  readonly running: number;
  readonly max?: number;
  readonly waiting: number;
  /** Active, or why not. */
  readonly state: string;
  readonly breaker: string;
  readonly head: string;
  readonly message: string;
}

export interface Facts {
  /** When they were gathered, in milliseconds since the epoch. */
  readonly at: number;
  /** Process of the controller that keeps the status up to date; undefined if none runs. */
  readonly controller: number | undefined;
  /** When the newest status was written, in milliseconds since the epoch. */
  readonly asOf: number | undefined;
  readonly agents: readonly AgentRow[];
  readonly projects: readonly ProjectRow[];
  readonly queues: readonly QueueRow[];
  /** What could not be read, in a few words; '' if all could. */
  readonly unreadable: string;
}

export type View = 'Agents' | 'Projects' | 'Queues';

export type AnyRow = AgentRow | ProjectRow | QueueRow;
