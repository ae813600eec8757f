import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** More names than this in a folder are not gone through. */
const MAX_NAMES = 5000;

/**
 * The file that a path stands for in which '*' is any name or part of one: of several the one that was written last.
 *
 * @param madeAfter only one that was made later counts, in milliseconds since the epoch
 */
export async function findFile(pattern: string, madeAfter: number): Promise<string | undefined> {
  if (!pattern.includes('*')) return pattern;
  const [root = '', ...parts] = pattern.split('/');
  let places = [root === '' ? '/' : root];
  for (const part of parts) {
    const next = await Promise.all(places.map((place) => within(place, part)));
    places = next.flat();
  }
  const files = await Promise.all(places.map((path) => factsOf(path)));
  const fitting = files.flat().filter(({ madeAt }) => madeAt >= madeAfter);
  return fitting.sort((a, b) => b.changedAt - a.changedAt)[0]?.path;
}

async function within(folder: string, part: string): Promise<string[]> {
  if (!part.includes('*')) return [join(folder, part)];
  const names = await readdir(folder).catch(() => []);
  const pattern = new RegExp(`^${part.split('*').map(escape).join('.*')}$`, 's');
  return names
    .slice(-MAX_NAMES)
    .filter((name) => pattern.test(name) && (part.startsWith('.') || !name.startsWith('.')))
    .map((name) => join(folder, name));
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

async function factsOf(path: string) {
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined || !facts.isFile()) return [];
  return [{ path, madeAt: facts.birthtimeMs, changedAt: facts.mtimeMs }];
}
