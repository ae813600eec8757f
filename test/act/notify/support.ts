import type { Notification, NotificationItem } from '../../../controller/api/notification.ts';

const AT = '2026-11-22T01:02:03.004Z';

export function item(more: Partial<NotificationItem> = {}): NotificationItem {
  return {
    kind: 'Agent',
    name: 'web/dev',
    project: 'web',
    reason: 'WaitingForInput',
    severity: 'warning',
    message: 'asks whether it may delete the branch',
    at: AT,
    count: 1,
    labels: {},
    next: 'muxlet attach web -a dev',
    ...more,
  };
}

export function notification(more: Partial<Notification> = {}): Notification {
  return {
    id: 'n-1f2e3d',
    alert: 'oncall',
    severity: 'warning',
    title: 'agent web/dev waits for a person',
    text: 'Agent web/dev: asks whether it may delete the branch\n',
    items: [item()],
    more: 0,
    at: AT,
    ...more,
  };
}
