import { lstatSync, type Stats } from 'node:fs';

/** Changes whenever somebody else replaces or writes the file. */
export function identityOf({ ino, size, mtimeMs }: Pick<Stats, 'ino' | 'size' | 'mtimeMs'>): string {
  return `${ino} ${size} ${mtimeMs}`;
}

/** Of the file at the path; undefined if there is none. */
export function identityAt(path: string): string | undefined {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return stats?.isFile() ? identityOf(stats) : undefined;
  } catch {
    return undefined;
  }
}
