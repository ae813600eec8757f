/**
 * How the file of an object is named that came from a GitSource. Within the program it begins with a name that no file
 * of specs/ can have, since hidden ones are passed over there; it is the same for every revision, so that a commit
 * changes nothing of an object whose file it leaves alone.
 */
const PREFIX = '.gitsource/';

/** All that comes from any GitSource. */
export const SOURCES = '.gitsource';

export interface SourcePath {
  /** Of the GitSource. */
  readonly name: string;
  /** From the folder that spec.path names, with '/' between. */
  readonly path: string;
}

/** Without a path: the source as a whole. */
export function sourcePathOf(name: string, path = ''): string {
  return path === '' ? `${PREFIX}${name}` : `${PREFIX}${name}/${path}`;
}

/** Undefined for a file of specs/. */
export function parseSourcePath(source: string): SourcePath | undefined {
  if (!source.startsWith(PREFIX)) return undefined;
  const rest = source.slice(PREFIX.length);
  const slash = rest.indexOf('/');
  return slash < 0 ? { name: rest, path: '' } : { name: rest.slice(0, slash), path: rest.slice(slash + 1) };
}

/** As people are shown it: `gitsource/team@3f2a91c:agents/web.yaml`; without a commit, what was kept of a source. */
export function placeInSource({ name, path }: SourcePath, commit: string | undefined): string {
  // oxlint-disable-next-line no-control-regex -- names of files are the committer's, and are shown on a terminal
  const printable = path.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '?');
  return `gitsource/${name}${commit === undefined ? '' : `@${commit.slice(0, 7)}`}:${printable}`;
}
