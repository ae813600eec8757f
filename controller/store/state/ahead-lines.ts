import { isRecord } from './check.ts';
import { loadLines } from './load-file.ts';

/** A line of the write-ahead log: what is going to be written of a file, or up to which line that was done. */
export type AheadLine = News | Done;

export interface News {
  readonly number: number;
  /** Below the state directory. */
  readonly file: string;
  /** What the file may not say yet. An object that is not `whole` goes with those before it, all else takes their place. */
  readonly news: unknown;
}

interface Done {
  readonly number: number;
  readonly file: string;
  /** The file says all that was told of it up to this line. */
  readonly done: number;
}

/** By file, what it may not say yet, the latest last. */
export type OpenLines = Map<string, News[]>;

export interface AheadContent {
  readonly open: OpenLines;
  /** The largest number; 0 if there is none. */
  readonly last: number;
  readonly malformed: number;
}

/** Up to so many bytes are read, counted from the end. */
export const MAX_BYTES = 8 * 1024 * 1024;

/** What a log says. One that is absent or cannot be read says nothing, and a line of no use is left out. Never throws. */
export function readAhead(path: string): AheadContent {
  const { values, malformed } = loadLines(path, MAX_BYTES);
  const open: OpenLines = new Map();
  let [last, useless] = [0, malformed];
  for (const value of values) {
    const line = lineOf(value);
    if (line === undefined) {
      useless += 1;
      continue;
    }
    last = Math.max(last, line.number);
    if ('done' in line) settleLines(open, line.file, line.done);
    else addLine(open, line);
  }
  return { open, last, malformed: useless };
}

export function addLine(open: OpenLines, line: News): void {
  const before = open.get(line.file);
  if (before === undefined || isWhole(line.news)) open.set(line.file, [line]);
  else before.push(line);
}

export function settleLines(open: OpenLines, file: string, to: number): void {
  const left = (open.get(file) ?? []).filter(({ number }) => number > to);
  if (left.length === 0) open.delete(file);
  else open.set(file, left);
}

function isWhole(news: unknown): boolean {
  return !isRecord(news) || news['whole'] === true;
}

function lineOf(value: unknown): AheadLine | undefined {
  if (!isRecord(value)) return undefined;
  const { number, file, news, done } = value;
  if (!isNumber(number) || typeof file !== 'string') return undefined;
  if (isNumber(done)) return { number, file, done };
  return news === undefined ? undefined : { number, file, news };
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
