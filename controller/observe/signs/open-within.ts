import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';

export interface FoundFile {
  /** Of its last change, in milliseconds since the epoch. */
  readonly changedAt: number;
  readonly size: number;
  /** The beginning of its text; absent where nobody asked for it. */
  readonly text?: string;
}

/** A value, since it is expected: no such file, one that leads out of the directory, none that can be read. */
export type Opened =
  | { readonly type: 'Found'; readonly file: FoundFile }
  | { readonly type: 'None'; readonly why: string };

/**
 * Looks at a file below a directory that others write to: a link in it may lead anywhere, and what it names may be a pipe
 * or a device, of which nothing is to be read.
 *
 * @param maxBytes of its text; 0: none
 */
export async function openWithin(directory: string, path: string, maxBytes: number): Promise<Opened> {
  let handle: FileHandle | undefined;
  try {
    const root = await realpath(directory);
    const found = await realpath(join(root, path));
    if (!found.startsWith(root.endsWith(sep) ? root : root + sep)) return none('leads out of its directory');
    handle = await open(found, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    const stats = await handle.stat();
    if (!stats.isFile()) return none('is no regular file');
    const { size, mtimeMs: changedAt } = stats;
    if (maxBytes === 0) return { type: 'Found', file: { size, changedAt } };
    return { type: 'Found', file: { size, changedAt, text: await textOf(handle, Math.min(size, maxBytes)) } };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    return none(code === 'ENOENT' || code === 'ENOTDIR' ? 'is not there' : `cannot be read (${code})`);
  } finally {
    await handle?.close();
  }
}

async function textOf(handle: FileHandle, bytes: number): Promise<string> {
  const buffer = Buffer.alloc(bytes);
  const { bytesRead } = await handle.read(buffer, 0, bytes, 0);
  return buffer.toString('utf8', 0, bytesRead);
}

function none(why: string): Opened {
  return { type: 'None', why };
}
