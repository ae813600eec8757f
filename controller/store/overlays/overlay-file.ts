import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { OVERLAY, type Overlay } from '../../api/admission.ts';
import { type Key, kindOf, nameOf } from '../../api/key.ts';
import { writeAtomically } from '../state/atomic-write.ts';
import { isRecord } from '../state/check.ts';
import type { Checked } from '../state/check-object.ts';
import { type Loaded, loadJson } from '../state/load-file.ts';

/** What tools ask of one object, as its file holds it. */
export interface OverlayRecord {
  /** Of which object: one that came later under the same name is asked nothing. Absent: it was not known yet. */
  readonly uid?: string;
  readonly annotations: Overlay;
}

export function overlayFolder(state: string): string {
  return join(state, 'overlays');
}

export function overlayPath(state: string, key: Key): string {
  return join(overlayFolder(state), kindOf(key).toLowerCase(), `${encodeURIComponent(nameOf(key))}.json`);
}

export function readOverlay(state: string, key: Key): Loaded<OverlayRecord> {
  return loadJson(overlayPath(state, key), checkOverlay);
}

/** Throws the error of the failed system call. Only for the holder of the overlays' lock. */
export function writeOverlay(state: string, key: Key, { uid, annotations }: OverlayRecord): void {
  const record = { version: 1, ...(uid !== undefined && { uid }), annotations };
  writeAtomically(overlayPath(state, key), `${JSON.stringify(record, undefined, 2)}\n`);
}

/**
 * What was asked of an object that is gone goes with it, also where its uid was not known yet: a later one of the same
 * name is asked nothing. What is asked behind a reset is asked of the object that comes out of it. Throws the error of the
 * failed system call. Only for the holder of the overlays' lock.
 */
export function forgetOverlay(state: string, key: Key, gone: string): void {
  const loaded = readOverlay(state, key);
  if (loaded.type !== 'Loaded') return;
  const { uid, annotations } = loaded.value;
  const isOfAnother = uid !== undefined && uid !== gone;
  if (!isOfAnother && annotations[OVERLAY.reset] !== gone) rmSync(overlayPath(state, key), { force: true });
}

/** What the record asks of the object that bears this uid; of one that is not made yet, whatever was asked before. */
export function annotationsFor(record: OverlayRecord | undefined, uid: string | undefined): Overlay {
  if (record === undefined) return {};
  return record.uid === undefined || uid === undefined || record.uid === uid ? record.annotations : {};
}

/** All or nothing: half of what was asked may be the opposite of it. */
export function checkOverlay(raw: unknown): Checked<OverlayRecord> {
  const unusable = (why: string): Checked<OverlayRecord> => ({ type: 'Unusable', why });
  if (!isRecord(raw) || raw['version'] !== 1) return unusable('its version is not 1');
  const { uid, annotations } = raw;
  if (uid !== undefined && typeof uid !== 'string') return unusable('its uid is no text');
  if (!isRecord(annotations)) return unusable('it has no annotations');
  for (const [name, value] of Object.entries(annotations)) {
    if (typeof value !== 'string') return unusable(`${name} is no text`);
    if (!isMeant(name, value)) return unusable(`"${value}" is no value of ${name}`);
  }
  const value = { ...(uid !== undefined && { uid }), annotations: annotations as Overlay };
  return { type: 'Usable', value, dropped: [] };
}

function isMeant(name: string, value: string): boolean {
  switch (name) {
    case OVERLAY.suspend:
      return value === 'EndSession' || value === 'KeepSession';
    case OVERLAY.reset:
    case OVERLAY.reconcile:
    case OVERLAY.keepWorkTrees:
      return value !== '';
    case OVERLAY.restart:
    case OVERLAY.down:
      return isRuns(value);
    default:
      return true;
  }
}

function isRuns(text: string): boolean {
  try {
    const runs: unknown = JSON.parse(text);
    return isRecord(runs) && Object.values(runs).every((run) => typeof run === 'string');
  } catch {
    return false;
  }
}
