/**
 * What `muxlet delete` was asked to remove: state/deletions/<kind>/<name>.json. An object whose file is gone may have been
 * moved to a repository; one that bears such a mark was not, and nobody need be waited for. Verbs write the marks, before
 * they take the file away; the controller removes them.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Key, kindOf, nameOf } from '../../api/key.ts';
import { SPEC_KINDS } from '../../api/kinds.ts';
import { writeAtomically } from '../state/atomic-write.ts';
import { isRecord } from '../state/check.ts';
import type { Checked } from '../state/check-object.ts';
import { keyOfStatusFile, layoutOf } from '../state/layout.ts';
import { loadJson } from '../state/load-file.ts';

interface Mark {
  /** The object that is meant; absent: it had none yet. */
  readonly uid?: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Between the mark and the file's end somebody may have stopped for so long, in milliseconds; after that he gave up. */
const UNDER_WAY_MS = 5000;

/** Throws the error of the failed system call. */
export function markDeleted(state: string, key: Key, now: number): void {
  const uid = uidOf(state, key);
  writeAtomically(
    pathOf(state, key),
    `${JSON.stringify({ version: 1, ...(uid !== undefined && { uid }), at: now })}\n`,
  );
}

/** Whether the object that bears the name now was asked to be removed. A mark that cannot be read says nothing. */
export function isMarkedDeleted(state: string, key: Key): boolean {
  const loaded = loadJson(pathOf(state, key), checkMark);
  if (loaded.type !== 'Loaded') return false;
  const { uid } = loaded.value;
  const own = uid === undefined ? undefined : uidOf(state, key);
  return own === undefined || own === uid;
}

export interface TidyInput {
  /** Objects that were known before the last look at the specs, and after it. */
  readonly before: ReadonlyMap<Key, unknown>;
  readonly after: ReadonlyMap<Key, unknown>;
  /** Whether some file holds the object now. */
  readonly isThere: (key: Key) => boolean;
  readonly now: number;
}

/**
 * Removes the marks that have had their effect, and those of which nothing came: their verb was killed, or the object
 * stands somewhere again. Throws the error of a failed system call.
 */
export function tidyDeletions(state: string, { before, after, isThere, now }: TidyInput): void {
  for (const { key, path } of marksOn(state)) {
    const isGone = before.has(key) && !after.has(key);
    const isStray = isThere(key) || !after.has(key);
    if (isGone || (isStray && Math.abs(now - atOf(path)) >= UNDER_WAY_MS)) rmSync(path, { force: true });
  }
}

function pathOf(state: string, key: Key): string {
  return join(state, 'deletions', kindOf(key).toLowerCase(), `${encodeURIComponent(nameOf(key))}.json`);
}

function marksOn(state: string): readonly { readonly key: Key; readonly path: string }[] {
  if (namesIn(join(state, 'deletions')).length === 0) return [];
  return SPEC_KINDS.flatMap((kind) =>
    namesIn(join(state, 'deletions', kind.toLowerCase())).flatMap((file) => {
      const key = keyOfStatusFile(kind, file);
      return key === undefined ? [] : [{ key, path: pathOf(state, key) }];
    }),
  );
}

function atOf(path: string): number {
  const loaded = loadJson(path, checkMark);
  return loaded.type === 'Loaded' ? loaded.value.at : 0;
}

function uidOf(state: string, key: Key): string | undefined {
  const loaded = loadJson(layoutOf(state).statusFile(key), checkUid);
  return loaded.type === 'Loaded' ? loaded.value : undefined;
}

function checkUid(raw: unknown): Checked<string> {
  const uid = isRecord(raw) && isRecord(raw['metadata']) ? raw['metadata']['uid'] : undefined;
  return typeof uid === 'string' ? { type: 'Usable', value: uid, dropped: [] } : { type: 'Unusable', why: 'no uid' };
}

function checkMark(raw: unknown): Checked<Mark> {
  if (!isRecord(raw) || raw['version'] !== 1) return { type: 'Unusable', why: 'its version is not 1' };
  const { uid, at } = raw;
  if (typeof at !== 'number' || (uid !== undefined && typeof uid !== 'string')) {
    return { type: 'Unusable', why: 'it is no mark' };
  }
  return { type: 'Usable', value: { at, ...(uid !== undefined && { uid }) }, dropped: [] };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
