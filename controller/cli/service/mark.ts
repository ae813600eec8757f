import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** How a file of a service stands, for who is about to write it. */
export type FileState =
  | { readonly type: 'Absent' }
  /** As we wrote it. */
  | { readonly type: 'Ours'; readonly text: string }
  /** We wrote it, and somebody changed it since. */
  | { readonly type: 'Edited'; readonly text: string }
  | { readonly type: 'Foreign'; readonly text: string };

const MARK = /^(?:#|<!--) Written by 'muxlet service install', sha256:(?<hash>[0-9a-f]{16})\b.*\n/m;

/** Marks a text as ours, by a comment that holds its hash, on the first line where a comment may stand. */
export function withMark(text: string, comment: '#' | '<!--'): string {
  const own = comment === '#' ? 'put changes of your own into a drop-in.' : 'changes of your own are kept. -->';
  const mark = `${comment} Written by 'muxlet service install', sha256:${hashOf(text)}; ${own}\n`;
  const [declaration, rest] = /^<\?xml .*\n/.test(text) ? splitLine(text) : ['', text];
  return `${declaration}${mark}${rest}`;
}

/** @throws if it is there and cannot be read */
export function readServiceFile(path: string): FileState {
  const text = readIfThere(path);
  return text === undefined ? { type: 'Absent' } : { type: ownerOf(text), text };
}

export function ownerOf(text: string): 'Ours' | 'Edited' | 'Foreign' {
  const hash = MARK.exec(text)?.groups?.['hash'];
  if (hash === undefined) return 'Foreign';
  return hashOf(text.replace(MARK, '')) === hash ? 'Ours' : 'Edited';
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function splitLine(text: string): readonly [string, string] {
  const end = text.indexOf('\n') + 1;
  return [text.slice(0, end), text.slice(end)];
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
