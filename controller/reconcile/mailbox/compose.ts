import type { Delivery } from '../../api/generated/all.ts';
import { type Mail, markOf } from '../../api/mail.ts';
import { PatternTooSlow, patternOf } from '../../api/reading/pattern.ts';

const MAX_CHARS = 700;

/** What is handed to the program: the text itself, or one line that points to the file that holds it. */
export interface Letter {
  readonly handed: string;
  /** What the file is to hold, where there is one. */
  readonly file?: string;
}

/**
 * @param path absolute, of the file that the mail's text may be put into
 */
export function compose(mail: Mail, delivery: Delivery, path: string): Letter {
  const { method = 'Paste', maxChars = MAX_CHARS, byFile = [] } = delivery;
  const text = clean(mail.text);
  if (mail.plain === true) return { handed: text };
  const from = mail.from === undefined ? '' : ` from ${senderOf(mail)}`;
  const mark = `${markOf(mail)}${from}]`;
  const marked = `${mark} ${text}`;
  const isLong = marked.length > maxChars;
  const isUnfit = method === 'Paste' && (text.includes('\n') || byFile.some((pattern) => mayMatch(pattern, text)));
  return isLong || isUnfit ? { handed: `${mark} Read and carry out ${path}`, file: `${text}\n` } : { handed: marked };
}

function senderOf({ from, project }: Mail): string {
  return from?.project === project ? from.agent : `${from?.project}/${from?.agent}`;
}

/** Control characters would be keys to the program: none is left but tabs and line breaks. */
function clean(text: string): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
    .trimEnd();
}

function mayMatch(pattern: string, text: string): boolean {
  try {
    return patternOf(pattern, 'u').test(text);
  } catch (error) {
    // By file anything arrives as it is.
    if (error instanceof PatternTooSlow) return true;
    throw error;
  }
}
