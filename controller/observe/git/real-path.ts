import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** The path without symbolic links, as far as there is anything: git writes paths down so, and people do not. */
export async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await realPath(parent), basename(path));
  }
}
