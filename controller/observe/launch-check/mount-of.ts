import { readFileSync } from 'node:fs';

const TABLE = '/proc/self/mountinfo';
/** Where the mount point stands in a line of it (proc(5)). */
const MOUNT_POINT = 4;

/** What is mounted changes seldom: so old may a table be, in milliseconds. */
const FRESH_MS = 5000;

/** What paths are mounted on; the table is read once for all who ask within a few seconds. `now`: a clock that nobody can set. */
export function createMountOf(now: () => number = () => performance.now()): (path: string) => string {
  let table: { readonly at: number; readonly mounts: readonly string[] } | undefined;
  return (path) => {
    if (table === undefined || now() - table.at >= FRESH_MS) {
      table = { at: now(), mounts: mountPoints() };
    }
    return mountAbove(path, table.mounts);
  };
}

/** Told from the path's name without a look at it; the path itself where no table says. */
function mountAbove(path: string, mounts: readonly string[]): string {
  const above = mounts.filter((mount) => mount === '/' || path === mount || path.startsWith(`${mount}/`));
  return above.toSorted((one, other) => other.length - one.length)[0] ?? path;
}

function mountPoints(): string[] {
  try {
    const lines = readFileSync(TABLE, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => unescaped(line.split(' ')[MOUNT_POINT] ?? ''));
  } catch {
    return [];
  }
}

/** Blanks and the like are written as three octal digits. */
function unescaped(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
