import { dirname } from 'node:path/posix';
import { type Key, keyOf } from '../../api/key.ts';
import type { Manifest } from '../../api/manifest.ts';
import { hashOf } from '../../api/metadata.ts';
import type { Problem } from '../../api/problem.ts';
import type { ObjectPlace, ValidatedText } from './validate-text.ts';

/** One version of an object, and where it came from. */
export interface Entry {
  readonly key: Key;
  readonly object: Manifest;
  /** Path of its file from the specs directory; absent for a preset. */
  readonly source?: string;
  /** Changes with the object's content, and with the folder that its relative paths start from. */
  readonly hash: string;
}

export interface ReadFile {
  readonly source: string;
  readonly path: string;
  readonly result: ValidatedText;
  /** It held objects and holds nothing now, since so short a time that it may be half-written. */
  readonly suspended: boolean;
}

export interface FoldInput {
  /** Sources that could not be read, '' for the whole directory: what came from them or from below them stays. */
  readonly closed: readonly string[];
  readonly files: readonly ReadFile[];
  /** The last good version of every object that is not known to be gone. */
  readonly lastGood: ReadonlyMap<Key, Entry>;
  readonly presets: ReadonlyMap<Key, Entry>;
  /** Objects that stand nowhere, and may be where nobody could look yet: they stay. */
  readonly waiting?: ReadonlySet<Key>;
  /** Something may stand where nobody could look yet. Default: no. */
  readonly unsure?: boolean;
}

export interface Folded {
  readonly wanted: ReadonlyMap<Key, Entry>;
  /** Objects that some file holds, although not in a version that was ever good. */
  readonly claimed: ReadonlySet<Key>;
  /** Whether an object that was never known can be said to be nowhere. */
  readonly complete: boolean;
  readonly problems: readonly Problem[];
}

interface Place {
  readonly file: ReadFile;
  readonly place: ObjectPlace;
  /** Absent where the file or the object is broken. */
  readonly object?: Manifest;
}

/**
 * Puts what the files say together with what was good before. Pure.
 *
 * One place, good: that version. One place, broken: the last good version, if there is one. Several places: the last
 * good version as well, since none of them may win. No place: gone, unless the file that it came from cannot be judged.
 */
export function fold(input: FoldInput): Folded {
  const places = placesOf(input.files);
  const wanted = new Map<Key, Entry>(input.presets);
  const problems = input.files.flatMap(({ result }) => result.problems);
  for (const [key, [first, ...others]] of places) {
    if (first === undefined) continue;
    const lastGood = input.lastGood.get(key);
    if (others.length === 0 && first.object !== undefined)
      wanted.set(key, entryOf(key, first.file.source, first.object));
    else if (lastGood !== undefined) wanted.set(key, lastGood);
    for (const other of others) problems.push(duplicateObject(first, other, lastGood !== undefined));
  }
  const opaque = opaqueSources(input);
  for (const [key, entry] of input.lastGood) {
    const isKept = opaque(entry.source ?? '') || input.waiting?.has(key) === true;
    if (!places.has(key) && isKept) wanted.set(key, entry);
  }
  return {
    wanted,
    claimed: new Set(places.keys()),
    complete: input.closed.length === 0 && input.unsure !== true && input.files.every(isComplete),
    problems,
  };
}

function placesOf(files: readonly ReadFile[]): Map<Key, Place[]> {
  const places = new Map<Key, Place[]>();
  for (const file of files) {
    const good = isGood(file);
    const objects = new Map(file.result.objects.map((object) => [positionOf(object), object.object]));
    for (const place of file.result.places) {
      const key = keyOf(place.kind, place.name);
      const object = good ? objects.get(positionOf(place)) : undefined;
      const list = places.get(key) ?? [];
      list.push({ file, place, ...(object !== undefined && { object }) });
      places.set(key, list);
    }
  }
  return places;
}

function positionOf({ documentIndex, itemIndex }: ObjectPlace): string {
  return `${documentIndex}.${itemIndex ?? ''}`;
}

function isGood({ result, suspended }: ReadFile): boolean {
  return !suspended && result.problems.every(({ severity }) => severity !== 'Error');
}

function isComplete({ result, suspended }: ReadFile): boolean {
  return !suspended && result.legible;
}

function opaqueSources({ closed, files }: FoldInput): (source: string) => boolean {
  const broken = new Set([...closed, ...files.filter((file) => !isGood(file)).map(({ source }) => source)]);
  return (source) => {
    for (let path = source; ; path = dirname(path)) {
      if (broken.has(path === '.' ? '' : path)) return true;
      if (path === '.' || path === '') return false;
    }
  };
}

/** Objects of unchanged files are the same values at every load; their hashes need not be computed again. */
const known = new WeakMap<Manifest, Entry>();

/** The same value for the same object of the same file. */
export function entryOf(key: Key, source: string, object: Manifest): Entry {
  const before = known.get(object);
  if (before?.source === source) return before;
  const entry = { key, object, source, hash: hashOf([object, dirname(source)]) };
  known.set(object, entry);
  return entry;
}

function duplicateObject(first: Place, other: Place, runs: boolean): Problem {
  const { kind, name, line, column } = other.place;
  const elsewhere = `${first.file.path}:${first.place.line}`;
  const consequence = runs ? 'its last good version stays' : 'neither is taken';
  return {
    code: 'DuplicateObject',
    severity: 'Error',
    file: other.file.path,
    line,
    column,
    object: { kind, name },
    message: `${kind} ${name} stands in two places, ${elsewhere} and ${other.file.path}:${line}; ${consequence}`,
    hint: 'remove or rename one of them',
  };
}
