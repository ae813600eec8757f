import { notificationBody } from '../notification-body.ts';
import { plainLine, shorten } from '../plain-text.ts';
import type { WebhookForm } from './form.ts';

/** Characters of the text of a block: https://docs.slack.dev/reference/block-kit/composition-objects/text-object */
const BLOCK = 3000;
/** Before escaping, which makes five characters of one. */
const TITLE = 250;

/**
 * An incoming webhook of Slack. What agents wrote mentions nobody and becomes no link: `<!channel>` and `<https://…|…>` are
 * escaped, `verbatim` leaves addresses and @names what they are, and nothing is fetched to be shown below the message.
 */
export const slackForm: WebhookForm = (notification, url) => {
  const title = escape(shorten(plainLine(notification.title), TITLE));
  const body = notificationBody(notification, {
    limit: BLOCK,
    size: (text) => text.length,
    escape,
    item: ({ head, message, next }) =>
      [`• *${escape(head)}*`, escape(message), ...(next === undefined ? [] : [`\`${escape(next)}\``])].join('\n'),
  });
  const parts = [`*${title}*`, ...(body === '' ? [] : [body])];
  return {
    url,
    body: {
      // What a phone shows; the blocks are what stands in the channel.
      text: title,
      link_names: false,
      unfurl_links: false,
      unfurl_media: false,
      blocks: parts.map((text) => ({ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } })),
    },
  };
};

/** The three that Slack wants escaped: https://docs.slack.dev/messaging/formatting-message-text */
function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
