import { createHash } from 'node:crypto';

/** Of a message's first line; a program may take a longer one, which says the same over and over, for a model gone astray. */
const ECHO_CHARS = 80;

/** What the API answers when nothing else was asked for: proof that the whole message arrived. */
export function echoOf(message: string): string {
  const [line = ''] = message.trim().split('\n');
  return `ECHO ${hashOf(message)} ${[...line.trim()].slice(0, ECHO_CHARS).join('')}`;
}

/** First 8 hex digits of the message's sha256, blanks at its ends aside. */
export function hashOf(message: string): string {
  return createHash('sha256').update(message.trim()).digest('hex').slice(0, 8);
}

/** At least two pieces, so that a stream has a middle. */
export function piecesOf(text: string): string[] {
  const words = text.match(/\s*\S+/g) ?? [];
  return words.length < 2 ? [text.slice(0, 1), text.slice(1)] : words;
}
