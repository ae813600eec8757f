import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Key, keyOf, kindOf, nameOf } from '../../api/key.ts';
import { KINDS, type SpecKind } from '../../api/kinds.ts';
import type { Manifest } from '../../api/manifest.ts';
import { validatorOf } from '../schemas.ts';
import type { Entry } from './fold.ts';

/** The last good version of every object on disk (STATE/applied/<kind>/<name>.json), so that it survives a restart. */
export interface AppliedRecords {
  /** Reads all records; what cannot be read or is no longer valid is left out. */
  load(): AppliedRecord[];
  /** Makes the disk hold these and no others; writes only what differs. Failures are reported, and tried again next time. */
  save(records: ReadonlyMap<Key, AppliedRecord>): void;
}

export interface AppliedRecord {
  readonly entry: Entry;
  /** When this version was first seen, in milliseconds since the epoch. */
  readonly seenAt: number;
}

interface Stored {
  readonly source: string;
  readonly hash: string;
  readonly seenAt: number;
  readonly object: Manifest;
}

const SPEC_KINDS = KINDS.filter(({ readOnly }) => !readOnly).map(({ kind }) => kind as SpecKind);

export function createAppliedRecords(state: string, failed: (path: string, error: unknown) => void): AppliedRecords {
  const root = join(state, 'applied');
  /** Hash and source of what stands on disk. */
  const onDisk = new Map<Key, string>();
  const pathOf = (key: Key) => join(root, kindOf(key).toLowerCase(), `${nameOf(key)}.json`);

  const attempt = (path: string, action: () => void) => {
    try {
      action();
    } catch (error) {
      failed(path, error);
    }
  };

  const loadKind = (kind: SpecKind): AppliedRecord[] => {
    const directory = join(root, kind.toLowerCase());
    const records: AppliedRecord[] = [];
    for (const file of listJson(directory)) {
      const path = join(directory, file);
      attempt(path, () => {
        const { source, hash, seenAt, object } = JSON.parse(readFileSync(path, 'utf8')) as Stored;
        const key = keyOf(kind, file.slice(0, -'.json'.length));
        if (!validatorOf(kind)(object) || object.metadata.name !== nameOf(key) || typeof source !== 'string') {
          throw new Error('the record is not valid');
        }
        onDisk.set(key, stampOf(source, hash));
        records.push({ entry: { key, object, source, hash }, seenAt: Number(seenAt) || 0 });
      });
    }
    return records;
  };

  return {
    load: () => SPEC_KINDS.flatMap(loadKind),
    save(records) {
      for (const [key, { entry, seenAt }] of records) {
        const source = entry.source ?? '';
        const stamp = stampOf(source, entry.hash);
        if (onDisk.get(key) === stamp) continue;
        attempt(pathOf(key), () => {
          const stored: Stored = { source, hash: entry.hash, seenAt, object: entry.object };
          writeAtomically(pathOf(key), `${JSON.stringify(stored, undefined, 2)}\n`);
          onDisk.set(key, stamp);
        });
      }
      for (const key of onDisk.keys()) {
        if (records.has(key)) continue;
        attempt(pathOf(key), () => {
          rmSync(pathOf(key), { force: true });
          onDisk.delete(key);
        });
      }
    },
  };
}

function stampOf(source: string, hash: string): string {
  return `${hash} ${source}`;
}

function listJson(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith('.json') && !name.startsWith('.'));
  } catch {
    return [];
  }
}

/** A reader sees the old content or the new, never a part. Mode 0600: a spec may hold what only its owner should read. */
function writeAtomically(path: string, text: string): void {
  const directory = join(path, '..');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const temporary = join(directory, `.${process.pid}.tmp`);
  try {
    writeFileSync(temporary, text, { mode: 0o600 });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
