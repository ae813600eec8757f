import type { Severity } from '../../../api/severity.ts';
import { notificationBody } from '../notification-body.ts';
import { plainLine, shorten } from '../plain-text.ts';
import type { WebhookForm } from './form.ts';

/** Bytes; 4096 and what is longer become an attachment, or are refused: https://docs.ntfy.sh/publish/#limitations */
const MESSAGE = 4000;
/** All of the JSON may have 8192, so that a message that is all quotes and backslashes has to be shorter. */
const ESCAPED = 1.8;
const TITLE = 250;
/** From 1 to 5; 3 is the usual one: https://docs.ntfy.sh/publish/#message-priority */
const PRIORITY: Readonly<Record<Severity, number>> = { info: 3, warning: 4, critical: 5 };
/** These become pictures before the title. */
const TAG: Readonly<Record<Severity, string>> = {
  info: 'information_source',
  warning: 'warning',
  critical: 'rotating_light',
};

/**
 * A topic of ntfy, by the address that people open. It is published to as JSON, at the server's root, since a title in a header
 * would have to be ASCII. Plain text: nothing in it is markup.
 */
export const ntfyForm: WebhookForm = (notification, address) => {
  const { title, severity } = notification;
  const url = new URL(address);
  const [, root = '/', topic = ''] = /^(.*?)([^/]*)\/*$/.exec(address.pathname) ?? [];
  url.pathname = root;
  const message = notificationBody(notification, {
    limit: MESSAGE,
    size: (text) => Math.max(Buffer.byteLength(text), Buffer.byteLength(JSON.stringify(text)) / ESCAPED),
    escape: (text) => text,
    item: ({ head, message, next }) => [`• ${head}`, message, ...(next === undefined ? [] : [next])].join('\n'),
  });
  const shortTitle = shorten(plainLine(title), TITLE);
  return {
    url,
    // An empty message would be shown as 'triggered'.
    body: {
      topic,
      title: shortTitle,
      message: message || shortTitle,
      priority: PRIORITY[severity],
      tags: [TAG[severity]],
    },
  };
};
