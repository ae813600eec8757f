import type { Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';

/** What came to a file since the last time. */
export interface Added {
  readonly bytes: Buffer;
  /** The file was not read before, or is another one by now: what was kept of a half record is void. */
  readonly afresh: boolean;
  /** The beginning was left out: the first record may be cut. */
  readonly cut: boolean;
  readonly changedAt: number;
  /** When the file was made, as far as the system knows. */
  readonly madeAt: number;
}

export interface Tail {
  /** Undefined if nothing came, or the file is not there. Never rejects. */
  read(): Promise<Added | undefined>;
}

/** At most so many bytes at a time; the rest comes with the next reads. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Follows a file that something is appended to. Looks before it reads; a file that was cut short, or put in the place
 * of another, is read anew.
 *
 * @param firstBytes of a file that is met with content, so many bytes from its end are read
 */
export function createTail(path: string, firstBytes: number): Tail {
  let inode = -1;
  let offset = 0;
  let changedAt = -1;

  function unchanged({ ino, size, mtimeMs }: Stats): boolean {
    return ino === inode && size === offset && mtimeMs === changedAt;
  }

  return {
    async read() {
      const facts = await stat(path).catch(() => undefined);
      if (facts === undefined || !facts.isFile() || unchanged(facts)) return undefined;
      const afresh = facts.ino !== inode || facts.size < offset;
      const from = afresh ? Math.max(0, facts.size - firstBytes) : offset;
      const bytes = await readFrom(path, from, Math.min(MAX_BYTES, facts.size - from));
      if (bytes === undefined) return undefined;
      const known = { inode, changedAt };
      inode = facts.ino;
      offset = from + bytes.length;
      changedAt = facts.mtimeMs;
      if (bytes.length === 0 && known.inode === inode) return undefined;
      return { bytes, afresh, cut: afresh && from > 0, changedAt: facts.mtimeMs, madeAt: facts.birthtimeMs };
    },
  };
}

async function readFrom(path: string, from: number, length: number): Promise<Buffer | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, from);
    return buffer.subarray(0, bytesRead);
  } catch {
    return undefined; // gone in between, or not ours to read: the next look says
  } finally {
    await file?.close().catch(() => undefined);
  }
}
