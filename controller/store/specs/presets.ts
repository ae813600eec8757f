import { type Key, keyOf } from '../../api/key.ts';
import { hashOf } from '../../api/metadata.ts';
import type { Problem } from '../../api/problem.ts';
import { createFileReader } from './file-reader.ts';
import type { Entry } from './fold.ts';
import { scanDirectory } from './scan-directory.ts';

export interface Presets {
  readonly entries: ReadonlyMap<Key, Entry>;
  readonly problems: readonly Problem[];
}

/**
 * The classes, roles and teams that come with the program. They are as trustworthy as its code beside them, so that nothing is asked
 * about permissions.
 */
export function readPresets(directory: string): Presets {
  const { files, problems } = scanDirectory({ directory, allowInsecure: true });
  const reader = createFileReader();
  const entries = new Map<Key, Entry>();
  const found = problems.filter(({ code }) => code !== 'UnsafePermissions');
  for (const file of files) {
    const { objects, problems: wrong } = reader.read(file, 0);
    found.push(...wrong);
    for (const { kind, name, object } of objects) {
      if (kind === 'Project' || kind === 'Message') continue;
      const key = keyOf(kind, name);
      entries.set(key, { key, object, hash: hashOf(object) });
    }
  }
  return { entries, problems: found };
}
