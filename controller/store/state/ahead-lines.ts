/**
 * The lines of the write-ahead log. Each says what is going to be written of a file, or up to which line that was done.
 * Their numbers follow each other: where they do not, what stands there is left over from before the log began anew at its
 * first byte. A line says its number at both ends, so that one that was torn amidst is never taken for a whole one.
 */

import { isRecord } from './check.ts';

export interface AheadLine {
  readonly number: number;
  /** Below the state directory. */
  readonly file: string;
  /** What there is to know of it that the file may not say yet. */
  readonly news?: unknown;
  /** The file says all that was told of it up to this line. */
  readonly done?: number;
}

export interface AheadContent {
  /** By file, what it may not say yet, the latest last. */
  readonly open: ReadonlyMap<string, readonly AheadLine[]>;
  /** The number of the last line; 0 if there is none. */
  readonly last: number;
  /** Where the next line goes, in bytes. */
  readonly end: number;
}

const NEWLINE = 0x0a;

export function formatLine({ number, ...rest }: AheadLine): string {
  return `${JSON.stringify({ number, ...rest, end: number })}\n`;
}

/** What a log says, whatever stands in it: from the first line that does not follow on it holds nothing. */
export function readLines(bytes: Buffer): AheadContent {
  const open = new Map<string, readonly AheadLine[]>();
  let [last, end] = [0, 0];
  for (let newline = bytes.indexOf(NEWLINE); newline !== -1; newline = bytes.indexOf(NEWLINE, end)) {
    const line = parse(bytes.toString('utf8', end, newline));
    if (line === undefined || (last !== 0 && line.number !== last + 1)) break;
    const before = open.get(line.file) ?? [];
    const { done } = line;
    const now = done === undefined ? [...before, line] : before.filter(({ number }) => number > done);
    if (now.length === 0) open.delete(line.file);
    else open.set(line.file, now);
    last = line.number;
    end = newline + 1;
  }
  return { open, last, end };
}

function parse(text: string): AheadLine | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(raw)) return undefined;
  const { number, file, news, done, end } = raw;
  if (!isNumber(number) || number !== end || typeof file !== 'string') return undefined;
  if (done === undefined) return { number, file, news };
  return isNumber(done) ? { number, file, done } : undefined;
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
