import { readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const KEPT = 5;

/**
 * Moves a file of no use aside, to NAME.corrupt-TIME, where a person can look at it; of each name the latest five are
 * kept. Gives the new path, or undefined if the file could not be moved: then the next write replaces it.
 */
export function quarantine(path: string, now: number): string | undefined {
  const movedTo = `${path}.corrupt-${new Date(now).toISOString().replaceAll(/[-:.]/g, '')}`;
  try {
    renameSync(path, movedTo);
    dropOldest(path);
  } catch {
    return undefined;
  }
  return movedTo;
}

function dropOldest(path: string): void {
  const folder = dirname(path);
  const ours = readdirSync(folder).filter((file) => isQuarantined(file, basename(path)));
  for (const file of ours.sort().slice(0, -KEPT)) rmSync(join(folder, file), { force: true });
}

function isQuarantined(file: string, name: string): boolean {
  return file.startsWith(`${name}.corrupt-`) && /\.corrupt-\d{8}T\d{9}Z$/.test(file);
}
