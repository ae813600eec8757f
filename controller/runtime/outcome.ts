import type { Decision } from '../api/decision.ts';

/** What the queue is told about a key once it was worked on. */
export type Outcome =
  | { readonly type: 'Settled' }
  | { readonly type: 'LookAgain'; readonly inMs: number }
  /** Look again soon, and less and less often while that changes nothing. */
  | { readonly type: 'Settling'; readonly atLatestMs?: number }
  /** An action failed: the same backoff, and counted as an error. */
  | { readonly type: 'Failed' };

/** After an action, tmux and the new process get so long before the next look, in milliseconds. */
const SETTLE_MS = 15;

/** After a decision that was carried out well. */
export function outcomeOf({ actions, lookAgain }: Pick<Decision, 'actions' | 'lookAgain'>): Outcome {
  if (lookAgain?.type === 'WhileSettling') {
    const { atLatestMs } = lookAgain;
    return { type: 'Settling', ...(atLatestMs !== undefined && { atLatestMs }) };
  }
  if (actions.length > 0) return { type: 'LookAgain', inMs: SETTLE_MS };
  return lookAgain === undefined ? { type: 'Settled' } : { type: 'LookAgain', inMs: lookAgain.ms };
}
