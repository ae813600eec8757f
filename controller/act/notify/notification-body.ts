import type { Notification } from '../../api/notification.ts';
import { type ItemText, itemText, restText } from './item-text.ts';
import { plainText, shorten } from './plain-text.ts';

export interface BodyStyle {
  /** Of all of it, in what `size` counts. */
  readonly limit: number;
  readonly size: (text: string) => number;
  /** Makes text mean nothing but itself. */
  readonly escape: (text: string) => string;
  readonly item: (item: ItemText) => string;
}

const LINE = 300;

/**
 * What a chat shows below the title: the items, each whole, as far as there is room, and how many more there are; without
 * items, the lines of the text.
 */
export function notificationBody(
  { text, items, more }: Notification,
  { limit, size, escape, item }: BodyStyle,
): string {
  if (items.length > 0) {
    const parts = items.map((each) => item(itemText(each)));
    return fit(parts, { limit, size, rest: (count) => escape(restText(count)) }, more);
  }
  const lines = plainText(text).trim().split('\n');
  return fit(
    lines.map((line) => escape(shorten(line, LINE))),
    { limit, size, rest: () => '…' },
  );
}

interface Room {
  readonly limit: number;
  readonly size: (text: string) => number;
  /** What is said of so many that found no room. */
  readonly rest: (count: number) => string;
}

/** As many of the parts, each whole, as there is room for; `more`, those left out before, count among the rest. */
function fit(parts: readonly string[], { limit, size, rest }: Room, more = 0): string {
  const all = [...parts, ...(more > 0 ? [rest(more)] : [])].join('\n');
  if (size(all) <= limit) return all;
  const kept: string[] = [];
  // That line is at its longest where it counts all.
  let left = limit - size(rest(parts.length + more));
  for (const part of parts) {
    left -= size(part) + 1;
    if (left < 0) break;
    kept.push(part);
  }
  return [...kept, rest(parts.length - kept.length + more)].join('\n');
}
