// What a terminal, a mail reader or a chat would act on instead of showing it, and what turns the direction of text around.
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
const LINE_ENDS = /\r\n?|[\u2028\u2029]/g;

/** Text that shows what it says: lines and tabs stay, control characters and halves of characters go. */
export function plainText(text: string): string {
  return wellFormed(text).replaceAll(LINE_ENDS, '\n').replaceAll(HIDDEN, '');
}

/** The same in one line. */
export function plainLine(text: string): string {
  return plainText(text.replaceAll(LINE_ENDS, '\n')).replaceAll(/\s+/g, ' ').trim();
}

/** At most so many UTF-16 units, with an ellipsis for what was left out; no character is cut in two. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = isHighSurrogate(text.charCodeAt(limit - 2)) ? limit - 2 : limit - 1;
  return `${text.slice(0, end)}…`;
}

/** Half a pair of surrogates is no text, and some servers refuse all of it for that. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
