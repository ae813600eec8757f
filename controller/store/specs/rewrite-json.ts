import type { DocumentChange, Rewrite } from './rewriting.ts';

/** Whether the text is one JSON value that holds fields; YAML in flow style that is no JSON is not. */
export function isJson(text: string): boolean {
  if (!text.trimStart().startsWith('{')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The indentation that the text is written with: blanks or tabs, or none where it stands on one line. */
export function jsonIndent(text: string): string {
  return /^\s*\{\r?\n([ \t]+)/.exec(text)?.[1] ?? '';
}

export function rewriteJson(text: string, change: (value: unknown) => DocumentChange): Rewrite {
  const after = change(JSON.parse(text));
  if (after === 'NotFound') return { type: 'NotFound' };
  if (after === undefined) return { type: 'Emptied' };
  const ending = /\s*$/.exec(text)?.[0] ?? '';
  return { type: 'Rewritten', text: JSON.stringify(after, undefined, jsonIndent(text)) + ending };
}
