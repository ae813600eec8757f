import type { Condition, MessageStatus } from '../../api/generated/all.ts';
import type { Reason } from '../../api/reasons.ts';

interface Said {
  readonly status: Condition['status'];
  readonly reason: Reason;
  readonly message: string;
  readonly generation: number;
  readonly now: number;
}

/** Accepted: whether its target is known and it may be sent. */
export function conditionOf(previous: MessageStatus | undefined, said: Said): Condition {
  const { status, reason, message, generation, now } = said;
  const before = previous?.conditions.find(({ type }) => type === 'Accepted');
  const lastTransitionTime = before?.status === status ? before.lastTransitionTime : new Date(now).toISOString();
  return { type: 'Accepted', status, reason, message, lastTransitionTime, observedGeneration: generation };
}
