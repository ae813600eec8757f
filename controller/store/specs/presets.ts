import { readFileSync } from 'node:fs';
import { type Key, keyOf } from '../../api/key.ts';
import { hashOf } from '../../api/metadata.ts';
import type { Problem } from '../../api/problem.ts';
import { type CompiledPresets, hashOfText, type PresetObject, readCompiledPresets } from './compiled-presets.ts';
import { createFileReader } from './file-reader.ts';
import type { Entry } from './fold.ts';
import { type FoundFile, scanDirectory } from './scan-directory.ts';

export interface Presets {
  readonly entries: ReadonlyMap<Key, Entry>;
  readonly problems: readonly Problem[];
}

/**
 * The classes, roles and teams that come with the program. They are as trustworthy as its code beside them, so that nothing is asked
 * about permissions.
 */
export function readPresets(directory: string, compiled: CompiledPresets = readCompiledPresets()): Presets {
  const { files, problems } = scanDirectory({ directory, allowInsecure: true });
  const reader = createFileReader();
  const entries = new Map<Key, Entry>();
  const found = problems.filter(({ code }) => code !== 'UnsafePermissions');
  for (const file of files) {
    const known = compiled[hashOfFile(file)];
    const { objects, problems: wrong } = known === undefined ? reader.read(file, 0) : { objects: known, problems: [] };
    found.push(...wrong);
    for (const { kind, name, object } of objects) {
      if (kind === 'Project' || kind === 'Message') continue;
      const key = keyOf(kind, name);
      entries.set(key, { key, object, hash: hashOf(object) });
    }
  }
  return { entries, problems: found };
}

/** What the files of a directory are known to hold from now on; those with a mistake in them are left out. */
export function compilePresets(directory: string): CompiledPresets {
  const reader = createFileReader();
  const { files } = scanDirectory({ directory, allowInsecure: true });
  return Object.fromEntries(
    files.flatMap((file): [string, readonly PresetObject[]][] => {
      const { objects, problems } = reader.read(file, 0);
      if (problems.length > 0) return [];
      return [[hashOfFile(file), objects.map(({ kind, name, object }) => ({ kind, name, object }))]];
    }),
  );
}

/** Empty, and so of no file, where it cannot be read. */
function hashOfFile({ path }: FoundFile): string {
  try {
    return hashOfText(readFileSync(path));
  } catch {
    return '';
  }
}
