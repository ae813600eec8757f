import { notificationObject } from '../notification-object.ts';
import type { WebhookForm } from './form.ts';

/** The notification as it is. A retry has the same Idempotency-Key, so that who receives it can leave it out. */
export const genericForm: WebhookForm = (notification, url) => ({
  url,
  headers: { 'idempotency-key': notification.id },
  body: notificationObject(notification),
});
