/**
 * What a repository was seen to hold that is not in force from it: state/sources/NAME/ahead.json. Written where its commit
 * was refused, or where it was looked at although nothing of it is to be taken now; removed with the next one that is.
 */
import { rmSync } from 'node:fs';
import { type Key, keyOf } from '../../api/key.ts';
import { findKind, type SpecKind } from '../../api/kinds.ts';
import { writeAtomically } from '../state/atomic-write.ts';
import { isRecord } from '../state/check.ts';
import type { Checked } from '../state/check-object.ts';
import { loadJson } from '../state/load-file.ts';
import { layoutOfSource } from './layout.ts';
import type { RevisionText } from './revision-reader.ts';

/** The objects that the files name, broken ones as well. */
export function readAhead(state: string, name: string): readonly Key[] {
  const loaded = loadJson(layoutOfSource(state, name).ahead, checkAhead);
  return loaded.type === 'Loaded' ? loaded.value : [];
}

/** Throws the error of the failed system call. */
export function writeAhead(
  state: string,
  name: string,
  { revision, texts }: { readonly revision: string; readonly texts: readonly RevisionText[] },
): void {
  const objects = texts.flatMap(({ result }) => result.places.map((place) => ({ kind: place.kind, name: place.name })));
  const text = `${JSON.stringify({ version: 1, revision, objects })}\n`;
  writeAtomically(layoutOfSource(state, name).ahead, text);
}

/** Throws the error of the failed system call. */
export function forgetAhead(state: string, name: string): void {
  rmSync(layoutOfSource(state, name).ahead, { force: true });
}

function checkAhead(raw: unknown): Checked<readonly Key[]> {
  if (!isRecord(raw) || raw['version'] !== 1 || !Array.isArray(raw['objects'])) {
    return { type: 'Unusable', why: 'its version is not 1' };
  }
  const keys = raw['objects'].flatMap((one: unknown): Key[] => {
    if (!isRecord(one) || typeof one['kind'] !== 'string' || typeof one['name'] !== 'string') return [];
    const info = findKind(one['kind']);
    return info === undefined || info.readOnly ? [] : [keyOf(info.kind as SpecKind, one['name'])];
  });
  return { type: 'Usable', value: keys, dropped: [] };
}
