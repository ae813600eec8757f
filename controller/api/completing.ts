import type { Look } from './look.ts';

/** By what it is seen that the work is done, every default filled in. */
export interface DesiredCompletion {
  readonly require: 'All' | 'Any' | 'Quorum';
  readonly quorum: number;
  readonly rules: readonly DesiredRule[];
}

export interface DesiredRule {
  readonly name: string;
  /** The agents that it is asked of; all of the project's, unless told. */
  readonly agents: readonly string[];
  readonly of: 'All' | 'Any';
  readonly sign: DesiredSign;
}

/** Durations in milliseconds. */
export type DesiredSign =
  | { readonly type: 'Report' }
  | { readonly type: 'Commits'; readonly atLeast: number; readonly matching?: string }
  | { readonly type: 'Plan'; readonly file: string }
  | { readonly type: 'File'; readonly path: string; readonly matching?: string }
  | { readonly type: 'Command'; readonly argv: readonly string[]; readonly timeoutMs: number; readonly everyMs: number }
  | { readonly type: 'Judge'; readonly argv: readonly string[]; readonly timeoutMs: number; readonly everyMs: number }
  | { readonly type: 'Idle'; readonly forMs: number }
  | { readonly type: 'Screen'; readonly matching: string };

/** What was seen of the signs that somebody has to go and look at: by the rule's name, then by the agent's. */
export type SignLooks = ReadonlyMap<string, ReadonlyMap<string, Look<SignSeen>>>;

export interface SignSeen {
  readonly met: boolean;
  /** The evidence, or what is missing. */
  readonly message: string;
  /** When what was seen came about, in milliseconds since the epoch: a file's time, the first success in a row. */
  readonly at?: number;
}
