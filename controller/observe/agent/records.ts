/**
 * Records that a program appends to a file.
 *
 * A hook's record is one of RFC 7464's, with the time in front of it: U+001E, the milliseconds since the epoch, a space,
 * the payload as JSON, a line feed. It begins with U+001E, so that one which was cut off spoils no other.
 * A transcript's record is a line of JSON; its time is its field `timestamp` (ISO 8601, or seconds or milliseconds since
 * the epoch), else that of the file's last change.
 */
import { asideOf } from '../../api/launch-record.ts';
import { type Added, createTail } from './tail.ts';

export interface TimedRecord {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly value: unknown;
  /** It bears its time itself. */
  readonly timed: boolean;
  /** It stood in the file when that was met, and the file is older than `since`. */
  readonly old: boolean;
  /** What stood before it in the file was left out. */
  readonly first?: true;
}

export interface RecordFile {
  readonly path: string;
  /** What came since the last time; what is no record is passed over. Never rejects. */
  read(): Promise<readonly TimedRecord[]>;
}

export type RecordForm = 'Hook' | 'Transcript';

const FIRST_BYTES: Readonly<Record<RecordForm, number>> = { Hook: 1024 * 1024, Transcript: 256 * 1024 };
/** A record that is longer is no record. */
const MAX_RECORD_BYTES = 8 * 1024 * 1024;
/** Of a file that grew a great deal, so many pieces at a time: what came last tells how it stands. */
const PARTS = 8;
/** The file, and the one that was put aside. */
const FILES = 2;
const SEPARATOR = 0x1e;
const LINE_FEED = 0x0a;
/** A stamp of a clock that is so far ahead is none, in milliseconds. */
const AHEAD_MS = 60_000;

/** @param since what stood in an older file and bears no time is older than this, in milliseconds since the epoch */
export function openRecords(path: string, form: RecordForm, since: number): RecordFile {
  const aside = form === 'Hook' ? { aside: asideOf(path) } : {};
  const tail = createTail(path, { firstBytes: FIRST_BYTES[form], ...aside });
  /** By file, the piece of a record at its end. */
  const rests = new Map<number, Buffer>();

  function take(added: Added): TimedRecord[] {
    const rest = added.afresh ? undefined : rests.get(added.inode);
    const bytes = Buffer.concat([rest ?? Buffer.alloc(0), added.cut ? afterFirst(added.bytes, form) : added.bytes]);
    const end = wholeUpTo(bytes, form);
    rests.delete(added.inode);
    const isPiece = end < bytes.length && bytes.length - end <= MAX_RECORD_BYTES;
    if (isPiece) rests.set(added.inode, bytes.subarray(end));
    for (const inode of [...rests.keys()].slice(0, -FILES)) rests.delete(inode);
    const old = added.afresh && added.madeAt < since;
    const parse = form === 'Hook' ? parseHook : parseLine;
    const separator = form === 'Hook' ? '\u001e' : '\n';
    const [first, ...others] = bytes
      .subarray(0, end)
      .toString('utf8')
      .split(separator)
      .flatMap((text) => {
        const record = parse(text.trim(), added.changedAt);
        return record === undefined ? [] : [{ ...record, old }];
      });
    if (first === undefined) return [];
    return [added.cut ? { ...first, first: true } : first, ...others];
  }

  return {
    path,
    async read() {
      const parts: TimedRecord[][] = [];
      while (parts.length < PARTS) {
        const added = await tail.read();
        if (added === undefined) break;
        parts.push(take(added));
      }
      return parts.flat();
    },
  };
}

/** Where what is whole ends: a line, or a record that can be read. The last one may be being written. */
function wholeUpTo(bytes: Buffer, form: RecordForm): number {
  const end = bytes.lastIndexOf(LINE_FEED) + 1;
  if (form === 'Transcript') return end;
  const last = bytes.lastIndexOf(SEPARATOR);
  const text = bytes
    .subarray(last + 1, end)
    .toString('utf8')
    .trim();
  return last < 0 || (end > last && parseHook(text, 0) !== undefined) ? end : last;
}

/** Without the piece of a record at the beginning. */
function afterFirst(bytes: Buffer, form: RecordForm): Buffer {
  const at = bytes.indexOf(form === 'Hook' ? SEPARATOR : LINE_FEED);
  return at < 0 ? Buffer.alloc(0) : bytes.subarray(at);
}

type Parsed = Pick<TimedRecord, 'at' | 'value' | 'timed'> | undefined;

function parseHook(text: string, changedAt: number): Parsed {
  const [, stamp, payload = ''] = /^(\d{1,16}) (.*)$/s.exec(text) ?? [];
  // What somebody else wrote behind it, with no separator in front, is none of it.
  const value = stamp === undefined ? undefined : (parseJson(payload) ?? parseJson(payload.split('\n')[0] ?? ''));
  return value === undefined ? undefined : { at: Math.min(Number(stamp), changedAt + AHEAD_MS), value, timed: true };
}

function parseLine(text: string, changedAt: number): Parsed {
  const value = text === '' ? undefined : parseJson(text);
  if (value === undefined) return undefined;
  const at = stampOf(value);
  const timed = at !== undefined && at < changedAt + AHEAD_MS;
  return { at: timed ? at : changedAt, value, timed };
}

function stampOf(value: object): number | undefined {
  const { timestamp } = value as { readonly timestamp?: unknown };
  const at = typeof timestamp === 'number' ? timestamp * (timestamp < 1e11 ? 1000 : 1) : Date.parse(String(timestamp));
  return Number.isFinite(at) ? at : undefined;
}

function parseJson(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined; // cut off, or garbage
  }
}
