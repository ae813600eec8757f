import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Key, keyOf, kindOf, nameOf } from '../../api/key.ts';
import { KINDS, type SpecKind } from '../../api/kinds.ts';
import type { Manifest } from '../../api/manifest.ts';
import { validatorOf } from '../schemas.ts';
import { createScribe, type Scribe } from '../state/scribe.ts';
import type { Entry } from './fold.ts';

/** The last good version of every object on disk (STATE/applied/<kind>/<name>.json), so that it survives a restart. */
export interface AppliedRecords {
  /** Reads all records; what cannot be read or is no longer valid is left out. */
  load(): AppliedRecord[];
  /**
   * Makes the disk hold these and no others; writes only what differs, some at a time, so that others who write come in
   * between. Failures are reported, and tried again next time. Leaves off as soon as it may not go on.
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

/** What writes them; by default a thread of their own, once there is something to write. */
type Writer = Pick<Scribe, 'write'>;

export function createAppliedRecords(
  state: string,
  failed: (path: string, error: unknown) => void,
  { write }: Writer = createScribe(),
): AppliedRecords {
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
    const record = { entry: { key, object, source, hash }, seenAt: Number(seenAt) || 0 };
    onDisk.set(key, stampOf(record));
    return record;
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

  /** Without a record its file is removed. Never rejects. */
  const put = async (key: Key, record: AppliedRecord | undefined): Promise<void> => {
    try {
      await write(pathOf(key), () => record && textOf(record));
    } catch (error) {
      failed(pathOf(key), error);
      return;
    }
    if (record === undefined) onDisk.delete(key);
    else onDisk.set(key, stampOf(record));
  };

  return {
    load: () => SPEC_KINDS.flatMap(loadKind),
    async save(records, mayGoOn = async () => true) {
      const changed = [...records].filter(([key, record]) => onDisk.get(key) !== stampOf(record));
      const others = [...onDisk.keys()].filter((key) => !records.has(key));
      const puts = [...changed, ...others.map((key) => [key, undefined] as const)];
      for (let begun = 0; begun < puts.length; begun += AT_ONCE) {
        if (begun > 0 && !(await mayGoOn())) return;
        await Promise.all(puts.slice(begun, begun + AT_ONCE).map(([key, record]) => put(key, record)));
      }
    },
  };
}

/** Files that are written or removed together: what else is to be written waits for so many at most. */
const AT_ONCE = 8;

function stampOf({ entry: { source = '', hash } }: AppliedRecord): string {
  return `${hash} ${source}`;
}

function textOf({ entry: { source = '', hash, object }, seenAt }: AppliedRecord): string {
  const stored: Stored = { source, hash, seenAt, object };
  return `${JSON.stringify(stored, undefined, 2)}\n`;
}

function listJson(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith('.json') && !name.startsWith('.'));
  } catch {
    return [];
  }
}
