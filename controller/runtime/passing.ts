import type { Decision } from '../api/decision.ts';
import type { Key } from '../api/key.ts';

/** What is seen for less time is not said, in milliseconds. */
const PASSING_MS = 100;

/**
 * Between the end of a process and tmux knowing of it lie a few milliseconds, and often a few looks. What is seen in
 * between is not worth a write, which would only keep the restart waiting.
 */
export function createPassing(now: () => number): (key: Key, decision: Decision) => boolean {
  /** Since when a project has only been waited for. */
  const waiting = new Map<Key, number>();

  return (key, { lookAgain, actions, status }) => {
    const settling = lookAgain?.type === 'WhileSettling' && actions.every(({ type }) => type === 'WakeServer');
    if (!settling || status.agents.some(({ termination }) => termination !== undefined)) {
      waiting.delete(key);
      return false;
    }
    const since = waiting.get(key) ?? now();
    waiting.set(key, since);
    return now() - since < PASSING_MS;
  };
}
