import { readFileSync } from 'node:fs';

const TABLE = '/proc/self/mountinfo';
/** Where the mount point stands in a line of it (proc(5)). */
const MOUNT_POINT = 4;

/** What a path is mounted on, told from its name without a look at it; the path itself where no table says. */
export function mountOf(path: string): string {
  const mounts = mountPoints();
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
