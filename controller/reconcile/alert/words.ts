/** A notification in words, for all receivers alike. */
import type { NotificationItem } from '../../api/notification.ts';
import type { Reason } from '../../api/reasons.ts';

const MAX_TITLE = 200;
/** Reasons that a title names. */
const IN_TITLE = 3;

type Counts = Readonly<Record<string, number>>;

/** One line: what happened if it is one thing, else how much of what. */
export function titleOf(items: readonly NotificationItem[], overflow: Counts): string {
  const [only, ...others] = items;
  if (only !== undefined && others.length === 0 && Object.keys(overflow).length === 0) {
    const again = only.count > 1 ? ` (${only.count} times)` : '';
    return cut(oneLine(`${subjectOf(only)} ${only.reason}${again}: ${only.message}`), MAX_TITLE);
  }
  const summaries = items.filter(isSummary);
  const [sum] = summaries;
  if (sum !== undefined && summaries.length === 1) return cut(oneLine(`${subjectOf(sum)}: ${sum.message}`), MAX_TITLE);
  const counts = new Map<string, number>(Object.entries(overflow));
  for (const { reason } of items) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  const named = sorted.slice(0, IN_TITLE).map(([reason, count]) => `${count} ${reason}`);
  const rest = sorted.slice(IN_TITLE).reduce((sum, [, count]) => sum + count, 0);
  return cut([...named, ...(rest > 0 ? [`${rest} more`] : [])].join(', '), MAX_TITLE);
}

/** It says of many what became of them. */
export function isSummary({ reason }: Pick<NotificationItem, 'reason'>): boolean {
  return reason === ('BatchOver' satisfies Reason);
}

/** The gravest in full, the rest as numbers. */
export function textOf(items: readonly NotificationItem[], overflow: Counts, most: number): string {
  const shown = items.slice(0, most).map(paragraphOf);
  const left = new Map<string, number>(Object.entries(overflow));
  for (const { reason } of items.slice(most)) left.set(reason, (left.get(reason) ?? 0) + 1);
  const more = [...left].sort(([, a], [, b]) => b - a).map(([reason, count]) => `${count} ${reason}`);
  const closing = more.length === 0 ? [] : [`and further: ${more.join(', ')} (muxlet events)\n`];
  return [...shown, ...closing].join('\n');
}

function paragraphOf(item: NotificationItem): string {
  const { severity, reason, message, at, count, next } = item;
  const times = count > 1 ? `, ${count} times, the last time` : '';
  const head = `${severity}: ${subjectOf(item)} ${reason}${times} at ${at}`;
  return [head, ...quoted(message), ...(next === undefined ? [] : [`  > ${next}`]), ''].join('\n');
}

/** An agent may have written it: no line of it looks like a heading, or like the command to type that follows it. */
function quoted(message: string): readonly string[] {
  const lines = message.split(/\r\n?|[\n\u2028\u2029]/).map(printable);
  const isPlain = lines.length === 1 && !/^\s*>/.test(message);
  return lines.map((line) => (isPlain ? `  ${line}` : `  | ${line}`));
}

/** `agent web.dev`, `project web` */
function subjectOf({ kind, name }: NotificationItem): string {
  return `${kind.toLowerCase()} ${name}`;
}

function oneLine(text: string): string {
  return printable(text.replaceAll(/\s+/g, ' ').trim());
}

/** What an agent has printed must not move anybody's cursor. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ');
}

/** Never through the middle of a character. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
