import type { Notification } from '../../../api/notification.ts';

/** What is posted to a webhook. */
export interface WebhookPost {
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Turns a notification into what a service understands, within the limits that it documents. */
export type WebhookForm = (notification: Notification, url: URL) => WebhookPost;
