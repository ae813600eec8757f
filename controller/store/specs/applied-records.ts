import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Key, keyOf, kindOf, nameOf } from '../../api/key.ts';
import { KINDS, type SpecKind } from '../../api/kinds.ts';
import type { Manifest } from '../../api/manifest.ts';
import { validatorOf } from '../schemas.ts';
import type { Entry } from './fold.ts';

/** The last good version of every object on disk (STATE/applied/<kind>/<name>.json), so that it survives a restart. */
export interface AppliedRecords {
  /** Reads all records; what cannot be read or is no longer valid is left out. */
  load(): AppliedRecord[];
  /**
   * Makes the disk hold these and no others; writes only what differs, some at a time, so that everybody goes on in between.
   * Failures are reported, and tried again next time. Leaves off as soon as it may not go on.
   */
  save(records: ReadonlyMap<Key, AppliedRecord>, mayGoOn?: () => Promise<boolean>): Promise<void>;
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

  /** Throws if it cannot be read or is not valid. */
  const read = (kind: SpecKind, path: string, name: string): AppliedRecord => {
    const { source, hash, seenAt, object } = JSON.parse(readFileSync(path, 'utf8')) as Stored;
    const key = keyOf(kind, name);
    if (!validatorOf(kind)(object) || object.metadata.name !== nameOf(key) || typeof source !== 'string') {
      throw new Error('the record is not valid');
    }
    onDisk.set(key, stampOf(source, hash));
    return { entry: { key, object, source, hash }, seenAt: Number(seenAt) || 0 };
  };

  const loadKind = (kind: SpecKind): AppliedRecord[] => {
    const directory = join(root, kind.toLowerCase());
    return listJson(directory).flatMap((file) => {
      const path = join(directory, file);
      try {
        return read(kind, path, file.slice(0, -'.json'.length));
      } catch (error) {
        failed(path, error);
        return [];
      }
    });
  };

  const write = (key: Key, { entry, seenAt }: AppliedRecord): void => {
    const { source = '', hash, object } = entry;
    const stored: Stored = { source, hash, seenAt, object };
    writeAtomically(pathOf(key), `${JSON.stringify(stored, undefined, 2)}\n`);
    onDisk.set(key, stampOf(source, hash));
  };

  const remove = (key: Key): void => {
    rmSync(pathOf(key), { force: true });
    onDisk.delete(key);
  };

  return {
    load: () => SPEC_KINDS.flatMap(loadKind),
    async save(records, mayGoOn = async () => true) {
      const changed = [...records].filter(
        ([key, { entry }]) => onDisk.get(key) !== stampOf(entry.source ?? '', entry.hash),
      );
      const steps = [
        ...changed.map(([key, record]) => ({ key, take: () => write(key, record) })),
        ...[...onDisk.keys()].filter((key) => !records.has(key)).map((key) => ({ key, take: () => remove(key) })),
      ];
      for (const [index, { key, take }] of steps.entries()) {
        if (index > 0 && index % AT_ONCE === 0) {
          await setImmediate();
          if (!(await mayGoOn())) return;
        }
        try {
          take();
        } catch (error) {
          failed(pathOf(key), error);
        }
      }
    },
  };
}

/** Files that are written or removed while nobody else goes on: some 5 ms. Each by itself, hundreds would take seconds. */
const AT_ONCE = 8;

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
  const directory = dirname(path);
  const temporary = join(directory, `.${process.pid}.tmp`);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(temporary, text, { mode: 0o600 });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
