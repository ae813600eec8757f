import { randomUUID } from 'node:crypto';
import { systemClock } from '../exec/clock.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { lookAtMachine } from '../observe/machine.ts';
import { decideQueue } from '../reconcile/queue/decide.ts';
import { unmetDependency } from '../reconcile/queue/dependencies.ts';
import { outcomeOf } from '../reconcile/queue/outcome.ts';
import type { SpecSource, StateStore } from '../runtime/ports.ts';
import { createQueues, type QueueHint, type Queues } from '../runtime/queues/queues.ts';

export interface QueuesOptions {
  readonly specs: SpecSource;
  readonly state: StateStore;
  readonly hint: QueueHint;
  readonly hooks: Metrics['projectQueueHooks'];
}

/** The queues, with the pure decisions and the machine as it is. */
export function assembleQueues({ specs, state, hint, hooks }: QueuesOptions): Queues {
  return createQueues({
    clock: systemClock,
    specs,
    state,
    mind: { decide: decideQueue, unmet: unmetDependency, outcome: outcomeOf },
    machine: lookAtMachine,
    newUid: randomUUID,
    hint,
    hooks,
  });
}
