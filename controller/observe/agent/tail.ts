import { type FileHandle, open, stat } from 'node:fs/promises';

/** What came to a file since the last time. */
export interface Added {
  readonly bytes: Buffer;
  /** Which file: a half record goes on in the same one. */
  readonly inode: number;
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

export interface TailOptions {
  /** Of a file that is met with content, so many bytes from its end are read. */
  readonly firstBytes: number;
  /** Where the file is put once it is long, and another takes its place: it is read there to its end. */
  readonly aside?: string;
}

/** How far a file was read. */
interface Position {
  readonly inode: number;
  readonly offset: number;
  readonly changedAt: number;
}

type Step =
  | { readonly type: 'Read'; readonly position: Position; readonly added: Added | undefined }
  | { readonly type: 'Unchanged' | 'Gone' | 'Another' };

/** At most so many bytes at a time; the rest comes with the next reads. */
const MAX_BYTES = 4 * 1024 * 1024;
/** Who had opened a file before it was put aside has written to it by then, in milliseconds of the files' own times. */
const LATE_MS = 60_000;

/**
 * Follows a file that something is appended to. Looks before it reads; a file that was cut short, or put in the place
 * of another, is read anew.
 */
export function createTail(path: string, { firstBytes, aside }: TailOptions): Tail {
  let here: Position | undefined;
  /** In the file that was put aside: something may still come to it. */
  let there: Position | undefined;
  let isMet = false;
  /** What took the place of a file that was put aside is read from its beginning. */
  let first = firstBytes;

  /** The end of what there is may stand in the file that was put aside. */
  async function meet(from: string): Promise<Added | undefined> {
    const size = (await stat(path).catch(() => undefined))?.size ?? 0;
    const step = size < firstBytes ? await readOn(from, undefined, firstBytes - size) : undefined;
    if (step?.type !== 'Read') return undefined;
    there = step.position;
    first = Number.POSITIVE_INFINITY;
    return step.added;
  }

  async function readAside(from: string, at: Position): Promise<Added | undefined> {
    const step = await readOn(from, at, 0);
    const isOver = here !== undefined && here.changedAt - at.changedAt > LATE_MS;
    there = step.type === 'Read' ? step.position : step.type === 'Unchanged' && !isOver ? at : undefined;
    return step.type === 'Read' ? step.added : undefined;
  }

  async function read(): Promise<Added | undefined> {
    const known = there !== undefined && aside !== undefined ? await readAside(aside, there) : undefined;
    if (known !== undefined) return known;
    const step = await readOn(path, here, first);
    if (step.type === 'Read') {
      here = step.position;
      return step.added;
    }
    if (step.type === 'Unchanged' || here === undefined) return undefined;
    const isAside = aside !== undefined && (await stat(aside).catch(() => undefined))?.ino === here.inode;
    if (!isAside && step.type === 'Gone') return undefined;
    there = isAside ? here : there;
    first = isAside ? Number.POSITIVE_INFINITY : firstBytes;
    here = undefined;
    return read();
  }

  return {
    async read() {
      const met = isMet || aside === undefined ? undefined : await meet(aside);
      isMet = true;
      return met ?? read();
    },
  };
}

/** What stands behind the position; without one, or if the file is shorter by now, so many bytes from its end. */
async function readOn(path: string, at: Position | undefined, firstBytes: number): Promise<Step> {
  let file: FileHandle | undefined;
  try {
    const { ino, size, mtimeMs } = await stat(path);
    if (at?.inode === ino && at.offset === size && at.changedAt === mtimeMs) return { type: 'Unchanged' };
    file = await open(path, 'r');
    // Another file may have taken the name since.
    const facts = await file.stat();
    if (!facts.isFile()) return { type: 'Gone' };
    if (at !== undefined && at.inode !== facts.ino) return { type: 'Another' };
    const afresh = at === undefined || facts.size < at.offset;
    const from = afresh ? Math.max(0, facts.size - firstBytes) : at.offset;
    const length = Math.min(MAX_BYTES, facts.size - from);
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, from);
    const position = { inode: facts.ino, offset: from + bytesRead, changedAt: facts.mtimeMs };
    if (bytesRead === 0 && at !== undefined) return { type: 'Read', position, added: undefined };
    const bytes = buffer.subarray(0, bytesRead);
    const times = { changedAt: facts.mtimeMs, madeAt: facts.birthtimeMs };
    return { type: 'Read', position, added: { bytes, inode: facts.ino, afresh, cut: afresh && from > 0, ...times } };
  } catch {
    return { type: 'Gone' }; // or not ours to read: the next look says
  } finally {
    await file?.close().catch(() => undefined);
  }
}
