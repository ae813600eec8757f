import type { NotificationItem } from '../../api/notification.ts';
import { plainLine, shorten } from './plain-text.ts';

/** One thing that happened, in parts that each way of sending puts together and escapes in its own manner. */
export interface ItemText {
  /** `Agent web/dev: Waiting`. */
  readonly head: string;
  /** What happened, and how often if more than once; never empty. */
  readonly message: string;
  /** A command that looks at it, or does something about it. */
  readonly next: string | undefined;
}

const HEAD = 150;
const MESSAGE = 300;
const NEXT = 200;

export function itemText({ kind, name, reason, message, count, next }: NotificationItem): ItemText {
  const said = shorten(plainLine(message), MESSAGE) || reason;
  return {
    head: shorten(plainLine(`${kind} ${name}: ${reason}`), HEAD),
    message: count > 1 ? `${said} (${count} times)` : said,
    next: next === undefined ? undefined : shorten(plainLine(next), NEXT),
  };
}

/** The line about what a notification leaves out. */
export function restText(count: number): string {
  return `… and ${count} more; muxlet events shows them`;
}
