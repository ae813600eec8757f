import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';

/** What tells a file from what it was before. */
export async function stampOf(path: string): Promise<string> {
  const { ino, size, mtimeMs, ctimeMs } = await stat(path);
  return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
}

/**
 * A regular file's text; undefined for what is none, or is larger. Agents write to these folders, and what has no end,
 * or nobody at its other end, must not hang the controller. Throws what the system says.
 */
export async function readRegular(path: string, maxBytes: number): Promise<string | undefined> {
  const facts = await stat(path);
  if (!facts.isFile() || facts.size > maxBytes) return undefined;
  // Without waiting: a FIFO may have taken the file's place.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return (await file.stat()).isFile() ? await file.readFile('utf8') : undefined;
  } finally {
    await file.close();
  }
}
