import type { Notification } from '../../api/notification.ts';

/** The notification for another program, which can tell by its first lines what it has before it. */
export function notificationObject(notification: Notification): Readonly<Record<string, unknown>> {
  return { apiVersion: 'muxlet.dev/v1alpha1', kind: 'Notification', ...notification };
}
