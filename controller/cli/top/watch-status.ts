import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SpecKind } from '../../api/kinds.ts';
import type { StoredObject } from '../../api/metadata.ts';
import { checkObject } from '../../store/state/check-object.ts';
import { keyOfStatusFile, layoutOf } from '../../store/state/layout.ts';
import { loadJson } from '../../store/state/load-file.ts';

/** Whatever the folders say, all files are looked at again so often, in milliseconds. */
const ALL_MS = 5000;

export interface StatusLook {
  readonly objects: readonly StoredObject[];
  /** When the newest was written, in milliseconds since the epoch. */
  readonly asOf: number | undefined;
  /** Files of which nothing, or only an older version, can be shown. */
  readonly broken: readonly string[];
}

interface Known {
  readonly stamp: string;
  readonly mtimeMs: number;
  readonly object: StoredObject | undefined;
  readonly isBroken: boolean;
}

/**
 * The status files of some kinds, each read once for as long as it stays the same. Files are replaced by renaming, which
 * a folder's own time tells: as long as that stands, nothing in it was. What is broken is shown as it last was.
 */
export function watchStatus(state: string, kinds: readonly SpecKind[], now: () => number): () => StatusLook {
  const layout = layoutOf(state);
  const folders = kinds.map((kind) => ({
    kind,
    path: layout.statusFolder(kind),
    stamp: '',
    known: new Map<string, Known>(),
  }));
  let lookedAt = Number.NEGATIVE_INFINITY;
  let last: StatusLook = { objects: [], asOf: undefined, broken: [] };

  return () => {
    const isDue = now() - lookedAt >= ALL_MS;
    if (isDue) lookedAt = now();
    let changed = false;
    for (const folder of folders) {
      const stamp = stampOf(folder.path)?.stamp ?? '';
      if (stamp === folder.stamp && !isDue) continue;
      folder.stamp = stamp;
      if (lookAt(folder)) changed = true;
    }
    if (changed)
      last = summary(
        folders.flatMap(({ path, known }) => [...known].map(([file, one]) => ({ ...one, path: join(path, file) }))),
      );
    return last;
  };
}

function summary(all: readonly (Known & { readonly path: string })[]): StatusLook {
  return {
    objects: all.flatMap(({ object }) => object ?? []),
    asOf: all.length === 0 ? undefined : all.reduce((newest, { mtimeMs }) => Math.max(newest, mtimeMs), 0),
    broken: all.filter(({ isBroken }) => isBroken).map(({ path }) => path),
  };
}

/** Whether anything in the folder is another one than before. */
function lookAt({
  kind,
  path,
  known,
}: {
  readonly kind: SpecKind;
  readonly path: string;
  readonly known: Map<string, Known>;
}): boolean {
  const files = namesIn(path).filter((file) => keyOfStatusFile(kind, file) !== undefined);
  const there = new Set(files);
  let changed = false;
  for (const file of known.keys()) {
    if (there.has(file)) continue;
    known.delete(file);
    changed = true;
  }
  for (const file of files) {
    const stamped = stampOf(join(path, file));
    const before = known.get(file);
    if (stamped === undefined || stamped.stamp === before?.stamp) continue;
    known.set(file, { ...stamped, ...load(join(path, file), { kind, file, before }) });
    changed = true;
  }
  return changed;
}

function load(
  path: string,
  { kind, file, before }: { readonly kind: SpecKind; readonly file: string; readonly before: Known | undefined },
): Pick<Known, 'object' | 'isBroken'> {
  const key = keyOfStatusFile(kind, file);
  if (key === undefined) return { object: undefined, isBroken: false };
  const loaded = loadJson(path, (raw) => checkObject(raw, key, 0));
  if (loaded.type === 'Loaded') return { object: loaded.value, isBroken: false };
  return { object: loaded.type === 'Absent' ? undefined : before?.object, isBroken: loaded.type !== 'Absent' };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function stampOf(path: string): { readonly stamp: string; readonly mtimeMs: number } | undefined {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(path);
    return { stamp: `${ino} ${size} ${mtimeMs} ${ctimeMs}`, mtimeMs };
  } catch {
    return undefined;
  }
}
