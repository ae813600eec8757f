/** What the relative paths of a spec start from. */
export interface PathContext {
  /** Absolute folder of the spec file; relative paths start here. */
  readonly folder: string;
  /** Absolute home directory; '~' means this. */
  readonly home: string;
}

/** POSIX paths only, so that this room needs no import: '~', '~/x', 'x', './x', '../x' and '/x'. */
export function absolute(path: string, { folder, home }: PathContext): string {
  if (path === '~' || path.startsWith('~/')) return clean(`${home}${path.slice(1)}`);
  return clean(path.startsWith('/') ? path : `${folder}/${path}`);
}

function clean(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
