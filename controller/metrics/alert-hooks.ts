import { TRY_RESULTS } from './alerts.ts';
import type { MetricsHooks } from './hooks.ts';
import type { Instruments } from './registry.ts';

/** Series of a receiver exist from the moment in which it is known, at zero. */
export function alertHooksOf({ counters, gauges }: Instruments): MetricsHooks['alertHooks'] {
  return {
    onReceiver(alert, receiver, waiting) {
      for (const result of TRY_RESULTS) counters.notifications.inc({ alert, receiver, result }, 0);
      counters.notificationsDropped.inc({ alert, receiver }, 0);
      gauges.notificationsWaiting.set({ alert, receiver }, waiting);
    },
    onTry: (alert, receiver, result) => counters.notifications.inc({ alert, receiver, result }),
    onDropped: (alert, receiver, events) => counters.notificationsDropped.inc({ alert, receiver }, events),
    onForgotten(alert, receiver) {
      for (const result of TRY_RESULTS) counters.notifications.remove({ alert, receiver, result });
      counters.notificationsDropped.remove({ alert, receiver });
      gauges.notificationsWaiting.remove({ alert, receiver });
    },
  };
}
