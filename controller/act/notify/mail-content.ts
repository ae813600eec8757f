import { createHash } from 'node:crypto';
import type { Notification } from '../../api/notification.ts';
import { plainLine, plainText, shorten } from './plain-text.ts';

export interface MailContent {
  readonly subject: string;
  readonly text: string;
  readonly messageId: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A line of a mail may have 998 bytes before it has to be folded; what lists of mails show ends much earlier. */
const SUBJECT = 200;

/**
 * A mail in plain text. Its Message-ID follows from the notification's id: a second copy, after a try of which nobody knows
 * whether it worked, is one and the same mail to whoever looks for that.
 */
export function mailContent(notification: Notification, from: string): MailContent {
  const { id, alert, severity, title, text, at } = notification;
  return {
    subject: shorten(plainLine(title), SUBJECT),
    text: `${plainText(text).trimEnd()}\n\n-- \nmuxlet alert/${alert}, ${at}\n`,
    messageId: `<${localPart(id)}@${domainOf(from)}>`,
    headers: {
      // No out-of-office answers, please: RFC 3834, and what Exchange wants to be told.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      // To sort by.
      'X-Muxlet-Alert': alert,
      'X-Muxlet-Severity': severity,
    },
  };
}

/** A dot-atom (RFC 5322), whatever the id is. */
function localPart(id: string): string {
  const isAtom = /^[A-Za-z0-9_-]{1,64}$/.test(id);
  return `muxlet.${isAtom ? id : createHash('sha256').update(id).digest('hex').slice(0, 32)}`;
}

/** Of `a@example.org` and of `Anna <a@example.org>`. */
function domainOf(address: string): string {
  const domain = /@([A-Za-z0-9.-]+)>?\s*$/.exec(address)?.[1];
  return domain ?? 'muxlet.invalid';
}
