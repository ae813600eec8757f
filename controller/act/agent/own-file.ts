import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Writes a file in an agent's own folder, as a whole: who reads it meanwhile sees the old one. For its user alone. */
export function writeOwnFile(path: string, text: string, executable = false): void {
  const mode = executable ? 0o700 : 0o600;
  if (isSame(path, text)) {
    chmodSync(path, mode);
    return;
  }
  const temporary = join(dirname(path), `.${basename(path)}.tmp`);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  rmSync(temporary, { force: true });
  writeFileSync(temporary, text, { mode, flag: 'wx' });
  renameSync(temporary, path);
}

function isSame(path: string, text: string): boolean {
  try {
    return readFileSync(path, 'utf8') === text;
  } catch {
    return false;
  }
}
