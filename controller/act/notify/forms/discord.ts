import type { Severity } from '../../../api/severity.ts';
import type { HttpAnswer } from '../http-post.ts';
import { notificationBody } from '../notification-body.ts';
import { plainLine, shorten } from '../plain-text.ts';
import { retryAfterMs } from '../retry-after.ts';
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
    patience: (answer, now) => patienceMs(answer, url, now),
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

/**
 * Addresses as Discord gives them out name no version, which stands for one before 8; and those say Retry-After in
 * milliseconds: https://github.com/discord/discord-api-docs/issues/2360. X-RateLimit-Reset-After is in seconds in all
 * of them. Where there is neither, the body says what Retry-After would.
 */
function patienceMs({ headers, body }: HttpAnswer, { pathname }: URL, now: number): number | undefined {
  const seconds = headers['x-ratelimit-reset-after'];
  if (typeof seconds === 'string') return retryAfterMs(seconds, now);
  const [, said] = /"retry_after": *([\d.]+)/.exec(body) ?? [];
  const asked = retryAfterMs(headers['retry-after'] ?? said, now);
  const [, version = 6] = /\/api\/v(\d+)\//.exec(pathname) ?? [];
  return asked === undefined || Number(version) >= 8 ? asked : Math.ceil(asked / 1000);
}

/** A backslash before a character that is no letter, digit or space shows that character, and it begins nothing. */
function escape(text: string): string {
  return text.replaceAll(/[\\`*_~|<>@#:[\]()+-]/g, String.raw`\$&`);
}
