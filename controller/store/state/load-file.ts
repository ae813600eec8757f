import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { codeOf } from './atomic-write.ts';
import type { Checked } from './check-object.ts';

export type Loaded<T> =
  | { readonly type: 'Absent' }
  | { readonly type: 'Loaded'; readonly value: T; readonly text: string; readonly dropped: readonly string[] }
  | { readonly type: 'Unreadable'; readonly message: string }
  | { readonly type: 'Corrupt'; readonly message: string };

/** Far above anything that is written here: a larger file was put there by somebody else. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Reads a JSON file and checks it. Never throws, and never waits (a pipe in the place of a file is not opened). */
export function loadJson<T>(path: string, check: (raw: unknown) => Checked<T>): Loaded<T> {
  let text: string;
  try {
    const stats = statSync(path);
    if (!stats.isFile()) return { type: 'Unreadable', message: 'it is no regular file' };
    if (stats.size > MAX_BYTES) return { type: 'Corrupt', message: `it has ${stats.size} bytes` };
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { type: 'Absent' };
    return { type: 'Unreadable', message: error instanceof Error ? error.message : String(error) };
  }
  const checked = checkText(text, check);
  if (checked.type === 'Unusable') return { type: 'Corrupt', message: checked.why };
  return { type: 'Loaded', value: checked.value, text, dropped: checked.dropped };
}

function checkText<T>(text: string, check: (raw: unknown) => Checked<T>): Checked<T> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return { type: 'Unusable', why: text.trim() === '' ? 'it is empty' : 'it is no valid JSON' };
  }
  return check(raw);
}

export interface Lines {
  readonly values: readonly unknown[];
  /** Lines that are no JSON, a torn one at the end not counted. */
  readonly malformed: number;
}

/**
 * Reads the last `maxBytes` of a file of one JSON value a line; what is absent or cannot be read has no lines. The
 * first line is left out if the beginning was cut off, and the last one if its writer was killed amidst it.
 */
export function loadLines(path: string, maxBytes: number): Lines {
  const { text, isCut } = readTail(path, maxBytes);
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  if (isCut) lines.shift();
  const values = lines.filter((line) => line !== '').map(parseLine);
  const malformed = values.filter((value) => value === undefined).length;
  // A whole last line only lacks its end.
  return { values: [...values, parseLine(last)].filter((value) => value !== undefined), malformed };
}

function readTail(path: string, maxBytes: number): { readonly text: string; readonly isCut: boolean } {
  try {
    if (!statSync(path).isFile()) return { text: '', isCut: false };
    const fd = openSync(path, 'r');
    try {
      const { size } = fstatSync(fd);
      const bytes = Buffer.alloc(Math.min(size, maxBytes));
      const read = readSync(fd, bytes, 0, bytes.length, size - bytes.length);
      return { text: bytes.toString('utf8', 0, read), isCut: size > bytes.length };
    } finally {
      closeSync(fd);
    }
  } catch {
    return { text: '', isCut: false };
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
