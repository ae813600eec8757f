import type { Severity } from '../../../api/severity.ts';
import { notificationBody } from '../notification-body.ts';
import { plainLine, shorten } from '../plain-text.ts';
import type { WebhookForm } from './form.ts';

/** Characters of an embed: https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
const DESCRIPTION = 4096;
/** Before escaping, which makes two characters of one; content may have 2000. */
const TITLE = 250;
const COLOURS: Readonly<Record<Severity, number>> = { info: 0x3498db, warning: 0xf39c12, critical: 0xe74c3c };

/**
 * A webhook of Discord. What agents wrote mentions nobody (`allowed_mentions`), and is neither markup nor a link: each
 * character that could begin one is escaped. It is asked to say whether the message was made (`wait`), not only taken.
 */
export const discordForm: WebhookForm = (notification, address) => {
  const url = new URL(address);
  url.searchParams.set('wait', 'true');
  const description = notificationBody(notification, {
    limit: DESCRIPTION,
    size: (text) => text.length,
    escape,
    item: ({ head, message, next }) =>
      [`**${escape(head)}**`, escape(message), ...(next === undefined ? [] : [escape(next)])].join('\n'),
  });
  return {
    url,
    body: {
      content: `**${escape(shorten(plainLine(notification.title), TITLE))}**`,
      allowed_mentions: { parse: [] },
      embeds: [
        {
          ...(description !== '' && { description }),
          color: COLOURS[notification.severity],
          timestamp: notification.at,
          footer: { text: `muxlet alert/${notification.alert}` },
        },
      ],
    },
  };
};

/** A backslash before a character that is no letter, digit or space shows that character, and it begins nothing. */
function escape(text: string): string {
  return text.replaceAll(/[\\`*_~|<>@#:[\]()+-]/g, String.raw`\$&`);
}
