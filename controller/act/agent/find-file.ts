import { existsSync, readdirSync } from 'node:fs';

/** Names looked at in all; a pattern that needs more is not worth an answer. */
const MOST = 100_000;

/** Whether a file exists at the path, in which '*' stands for any part of a name. What cannot be read is not there. */
export function fileExists(path: string): boolean {
  if (!path.includes('*')) return existsSync(path);
  let left = MOST;
  const names = (folder: string): string[] => {
    try {
      const found = readdirSync(folder);
      left -= found.length;
      return left < 0 ? [] : found;
    } catch {
      return [];
    }
  };

  function descend(folder: string, [part, ...rest]: readonly string[]): boolean {
    if (part === undefined) return existsSync(folder === '' ? '/' : folder);
    if (!part.includes('*')) return existsSync(`${folder}/${part}`) && descend(`${folder}/${part}`, rest);
    const pattern = patternOf(part);
    // The newest names of dated folders come last, and what is resumed is mostly recent.
    return names(`${folder}/`)
      .reverse()
      .some((name) => pattern.test(name) && descend(`${folder}/${name}`, rest));
  }

  return descend(
    '',
    path.split('/').filter((part) => part !== ''),
  );
}

/** As in a shell: a name that begins with a dot is only found by one. */
function patternOf(part: string): RegExp {
  const text = part
    .split('*')
    .map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${part.startsWith('*') ? '(?!\\.)' : ''}${text}$`);
}
