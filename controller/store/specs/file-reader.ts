import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { Problem } from '../../api/problem.ts';
import { decodeUtf8 } from './decode-utf8.ts';
import { type FoundFile, fileUnreadable, versionOf } from './scan-directory.ts';
import { type ValidatedText, validateText } from './validate-text.ts';

export const MAX_FILE_BYTES = 1024 * 1024;

/** A file whose times are younger than this when it is read may change again without new times (as git's index has it). */
const RACY_MS = 100;

export interface FileReader {
  /** Parses the file, unless it is known to be the same as at the last call. Never throws. */
  read(file: FoundFile, now: number): ValidatedText;
  /** Whether `read` would have to open the file. */
  isKnown(file: FoundFile): boolean;
  /** Forgets all files but these. */
  keep(files: readonly FoundFile[]): void;
}

interface Cached {
  readonly stamp: string;
  readonly path: string;
  /** False where the stamp does not yet vouch for the content. */
  readonly settled: boolean;
  readonly text: string | undefined;
  readonly result: ValidatedText;
}

export function createFileReader(): FileReader {
  const cache = new Map<string, Cached>();

  return {
    read(file, now) {
      const cached = cache.get(file.version.identity);
      if (cached !== undefined && isSame(cached, file)) return cached.result;
      const fresh = readFresh(file, now, cached);
      cache.set(file.version.identity, fresh);
      return fresh.result;
    },
    isKnown(file) {
      const cached = cache.get(file.version.identity);
      return cached !== undefined && isSame(cached, file);
    },
    keep(files) {
      const wanted = new Set(files.map(({ version }) => version.identity));
      for (const identity of cache.keys()) if (!wanted.has(identity)) cache.delete(identity);
    },
  };
}

function isSame(cached: Cached, { version, path }: FoundFile): boolean {
  return cached.settled && cached.stamp === version.stamp && cached.path === path;
}

function readFresh(file: FoundFile, now: number, cached: Cached | undefined): Cached {
  const { path, version } = file;
  const seen = { stamp: version.stamp, path, settled: now - version.changedAt > RACY_MS };
  if (version.size > MAX_FILE_BYTES) return { ...seen, text: undefined, result: illegible(fileTooLarge(path)) };
  try {
    const { bytes, stamp, size } = readBytes(file);
    if (size > MAX_FILE_BYTES) return { ...seen, text: undefined, result: illegible(fileTooLarge(path)) };
    const text = decodeUtf8(bytes);
    if (text === undefined) return { ...seen, text, result: illegible(notUtf8(path)) };
    const settled = seen.settled && stamp === version.stamp;
    const unchanged = cached?.text === text && cached.path === path;
    // The text is kept only as long as it may have to be compared.
    return {
      ...seen,
      settled,
      text: settled ? undefined : text,
      result: unchanged ? cached.result : validateText(text, path),
    };
  } catch (error) {
    return { ...seen, settled: false, text: undefined, result: illegible(fileUnreadable(path, error)) };
  }
}

/** O_NONBLOCK, and the look after opening: a FIFO that took the file's place must not hang us. */
function readBytes({ path, version }: FoundFile) {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const before = fstatSync(descriptor, { bigint: true });
    if (!before.isFile() || versionOf(before).identity !== version.identity)
      throw new Error('it was replaced meanwhile');
    const buffer = Buffer.allocUnsafe(Math.min(Number(before.size), MAX_FILE_BYTES) + 1);
    let length = 0;
    for (let count = -1; count !== 0 && length < buffer.length; length += count) {
      count = readSync(descriptor, buffer, length, buffer.length - length, null);
    }
    const { stamp, size } = versionOf(fstatSync(descriptor, { bigint: true }));
    return { bytes: buffer.subarray(0, length), stamp: length === size ? stamp : '', size };
  } finally {
    closeSync(descriptor);
  }
}

function illegible(problem: Problem): ValidatedText {
  return { objects: [], places: [], legible: false, problems: [problem] };
}

function fileTooLarge(path: string): Problem {
  const message = 'larger than 1 MiB; it was not read';
  return { code: 'FileTooLarge', severity: 'Error', file: path, message, hint: 'split it into several files' };
}

function notUtf8(path: string): Problem {
  const message = 'the file is not UTF-8';
  return { code: 'ParseError', severity: 'Error', file: path, line: 1, column: 1, message, hint: 'save it as UTF-8' };
}
