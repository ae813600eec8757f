import type { Definition } from './definition.ts';

export const TRY_RESULTS = ['delivered', 'failed'] as const;
const RECEIVER = { alert: 'open', receiver: 'open' } as const;

export const ALERT_COUNTERS = {
  notifications: {
    name: 'muxlet_notifications_total',
    help: 'Tries to tell a receiver of an Alert, by result. Ends with the receiver.',
    labels: { ...RECEIVER, result: TRY_RESULTS },
  },
  notificationsDropped: {
    name: 'muxlet_notification_events_dropped_total',
    help: 'Events that a receiver of an Alert was never told of, since it refused them. Ends with the receiver.',
    labels: RECEIVER,
  },
} as const satisfies Record<string, Definition>;

export const ALERT_GAUGES = {
  notificationsWaiting: {
    name: 'muxlet_notification_events_waiting',
    help: 'Events that a receiver of an Alert is to be told of yet. Ends with the receiver.',
    labels: RECEIVER,
  },
} as const satisfies Record<string, Definition>;
