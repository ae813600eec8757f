import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** None of git's own one-line files is longer, in bytes. */
const MAX_BYTES = 8192;

/**
 * The beginning of a file; empty if it is not there, cannot be read or is none: whoever works in the repository may have put
 * a pipe there, which would hold whoever opens it, or something without an end.
 */
export async function readShort(path: string): Promise<string> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (!(await file.stat()).isFile()) return '';
      const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_BYTES), 0, MAX_BYTES, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return '';
  }
}
