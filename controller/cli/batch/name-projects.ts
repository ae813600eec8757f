import { basename, dirname, extname } from 'node:path';

/** Names of files that say nothing of the project that they are about. */
const COMMON = new Set(['spec', 'specs', 'specification', 'goal', 'readme', 'project', 'prd', 'requirements']);
const LONGEST = 63;

export interface Nameable {
  readonly specFile: string;
  readonly directory: string;
}

/**
 * A name for each entry: that of its spec file; where that says nothing, or two have it, the directory goes before it.
 * Undefined where none is left. The same names for the same entries, in whatever order they stand. Pure.
 */
export function nameProjects(entries: readonly Nameable[]): readonly (string | undefined)[] {
  const short = entries.map(({ specFile }) => slug(stem(specFile)));
  const long = entries.map(({ specFile, directory }) => {
    const own = slug(stem(specFile));
    const place = slug(basename(directory));
    return COMMON.has(own) || own === '' ? place : slug(`${place}-${own}`);
  });
  const chosen = entries.map((_, index) => {
    const name = short[index] ?? '';
    const isTaken = short.filter((other) => other === name).length > 1;
    return name === '' || COMMON.has(name) || isTaken ? (long[index] ?? '') : name;
  });
  return chosen.map((name) => (name === '' || chosen.filter((other) => other === name).length > 1 ? undefined : name));
}

function stem(path: string): string {
  return basename(path, extname(path)) || basename(dirname(path));
}

/** An RFC 1123 label. */
function slug(text: string): string {
  const letters = text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return letters.slice(0, LONGEST).replaceAll(/^-+|-+$/g, '');
}
