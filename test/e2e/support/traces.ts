import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every text below a folder. */
export function everything(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      try {
        return readFileSync(join(entry.parentPath, entry.name), 'latin1');
      } catch {
        return '';
      }
    })
    .join('\n');
}

/** The arguments of every process of the machine, one a line, NUL between them. */
export function allArguments(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
      } catch {
        return '';
      }
    });
}
