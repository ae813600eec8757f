import type { BreakerFailure, BreakerStatus, QueueStatus, Slot } from '../../api/generated/all.ts';
import { count, flag, listOf, may, name, need, oneOf, or, record, time } from './check.ts';
import { condition } from './check-condition.ts';

const slot = record<Slot>({ project: need(name), uid: need(name), since: need(time), trial: may(flag) });

/** Who has a slot is what must not be lost: without it more would run than may. */
export const queueStatus = record<QueueStatus>({
  observedGeneration: or(count, 0),
  conditions: or(listOf(condition), []),
  running: or(count, 0),
  waiting: or(count, 0),
  admitted: or(listOf(slot), []),
  breaker: may(
    record<BreakerStatus>({
      state: need(oneOf<BreakerStatus['state']>({ Closed: true, Open: true, HalfOpen: true })),
      failures: or(listOf(record<BreakerFailure>({ project: need(name), at: need(time) })), []),
      openedAt: may(time),
      closedAt: may(time),
    }),
  ),
  passedSince: may(time),
  head: may(name),
});
