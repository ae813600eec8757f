/**
 * What tools ask of objects beside their specs: state/overlays/<kind>/<name>.json. Verbs write these files, under a
 * lock; the controller only reads them. A file that is broken is a problem that names it, and what was last asked stays
 * in force; a file that is gone asks nothing.
 */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Overlay } from '../../api/admission.ts';
import { type Key, kindOf, nameOf } from '../../api/key.ts';
import type { SpecKind } from '../../api/kinds.ts';
import type { Problem } from '../../api/problem.ts';
import type { Clock } from '../specs/clock.ts';
import { watchDirectory } from '../specs/watch-directory.ts';
import { keyOfStatusFile } from '../state/layout.ts';
import { annotationsFor, type OverlayRecord, overlayFolder, overlayPath, readOverlay } from './overlay-file.ts';

export interface Overlays {
  /** What is asked of the object of this uid; without one, of an object that is not made yet. */
  of(key: Key, uid: string | undefined): Overlay;
  problems(): readonly Problem[];
  /** Reads everything once, then watches; `changed` is told the keys of which something else is asked. */
  start(signal: AbortSignal, changed: (keys: readonly Key[]) => void): void;
  /** Looks at the files again now. Never throws. */
  reload(): void;
}

export interface OverlaysOptions {
  /** The state directory. */
  readonly state: string;
  readonly clock: Clock;
  /** Watching is impaired; the timer still finds every change. */
  readonly watchFailed: (error: unknown) => void;
}

/** Kinds of which something can be asked. */
const KINDS = ['Project', 'GitSource'] as const satisfies readonly SpecKind[];
/** Hints that come within so short a time are one, in milliseconds. */
const COALESCE_MS = 30;

export function createOverlays({ state, clock, watchFailed }: OverlaysOptions): Overlays {
  const folders = KINDS.map((kind) => join(overlayFolder(state), kind.toLowerCase()));
  let records: ReadonlyMap<Key, OverlayRecord> = new Map();
  let problems: readonly Problem[] = [];
  let follow: () => void = () => undefined;
  let tell: (keys: readonly Key[]) => void = () => undefined;
  let hinted = false;

  function reload(): void {
    follow();
    const before = records;
    const worse = problems.length;
    const look = readAll(state, before);
    ({ records, problems } = look);
    const keys = [...new Set([...before.keys(), ...records.keys()])];
    const changed = keys.filter((key) => JSON.stringify(before.get(key)) !== JSON.stringify(records.get(key)));
    if (changed.length > 0 || problems.length !== worse) tell(changed);
  }

  function hint(): void {
    if (hinted) return;
    hinted = true;
    clock.after(COALESCE_MS, () => {
      hinted = false;
      reload();
    });
  }

  return {
    of: (key, uid) => annotationsFor(records.get(key), uid),
    problems: () => problems,
    reload,
    start(signal, changed) {
      const watches = folders.map((directory) => watchDirectory({ directory, hint, echo: hint, failed: watchFailed }));
      follow = () => {
        // A folder that is not there cannot be watched, and the first verb would wait for the timer.
        for (const folder of folders) makeFolder(folder, watchFailed);
        for (const watch of watches) watch.follow([]);
      };
      reload();
      tell = changed;
      signal.addEventListener('abort', () => {
        follow = () => undefined;
        for (const watch of watches) watch.close().catch(watchFailed);
      });
    },
  };
}

/** What every file asks. What is broken asks what it asked before. */
export function readAll(state: string, before: ReadonlyMap<Key, OverlayRecord> = new Map()) {
  const records = new Map<Key, OverlayRecord>();
  const problems: Problem[] = [];
  for (const key of keysOn(state)) {
    const loaded = readOverlay(state, key);
    if (loaded.type === 'Absent') continue;
    if (loaded.type === 'Loaded') {
      records.set(key, loaded.value);
      continue;
    }
    const known = before.get(key);
    if (known !== undefined) records.set(key, known);
    problems.push({
      code: 'OverlayInvalid',
      severity: 'Error',
      file: overlayPath(state, key),
      object: { kind: kindOf(key), name: nameOf(key) },
      message: loaded.message,
      hint: 'remove the file; verbs such as suspend write it anew',
    });
  }
  return { records, problems };
}

function keysOn(state: string): readonly Key[] {
  return KINDS.flatMap((kind) =>
    namesIn(join(overlayFolder(state), kind.toLowerCase())).flatMap((file) => {
      const key = keyOfStatusFile(kind, file);
      return key === undefined ? [] : [key];
    }),
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function makeFolder(folder: string, failed: (error: unknown) => void): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    failed(error);
  }
}
