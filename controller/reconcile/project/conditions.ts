import type { Condition } from '../../api/generated/all.ts';
import type { Reason } from '../../api/reasons.ts';

/** One fact, before it is known when it began. */
export interface Fact {
  readonly type: ConditionType;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: Reason;
  readonly message?: string;
}

export type ConditionType =
  | 'Ready'
  | 'Reconciling'
  | 'Stalled'
  | 'Accepted'
  | 'Admitted'
  | 'WorkspaceReady'
  | 'SessionUp'
  | 'AgentsReady'
  | 'Authenticated'
  | 'WithinLimits'
  | 'Progressing'
  | 'WaitingForInput'
  | 'WithinDeadline'
  | 'SuccessCriteriaMet'
  | 'Verified'
  | 'Complete';

/** Turns facts into conditions; the time stays where the status stayed. */
export function conditionsOf(
  facts: readonly Fact[],
  previous: readonly Condition[],
  { generation, now }: { readonly generation: number; readonly now: number },
): Condition[] {
  return facts.map((fact) => {
    const before = previous.find((condition) => condition.type === fact.type);
    const same = before !== undefined && before.status === fact.status;
    return {
      type: fact.type,
      status: fact.status,
      reason: fact.reason,
      message: fact.message ?? '',
      lastTransitionTime: same ? before.lastTransitionTime : new Date(now).toISOString(),
      observedGeneration: generation,
    };
  });
}
