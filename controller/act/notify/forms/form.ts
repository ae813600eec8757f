import type { Notification } from '../../../api/notification.ts';
import type { HttpAnswer } from '../http-post.ts';

/** What is posted to a webhook. */
export interface WebhookPost {
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** How long the service wants to be left alone, in milliseconds, where it does not say that by Retry-After alone. */
  readonly patience?: (answer: HttpAnswer, now: number) => number | undefined;
}

/** Turns a notification into what a service understands, within the limits that it documents. */
export type WebhookForm = (notification: Notification, url: URL) => WebhookPost;
