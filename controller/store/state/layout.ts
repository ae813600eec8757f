import { join } from 'node:path';
import { type Key, keyOf, nameOf } from '../../api/key.ts';
import type { SpecKind } from '../../api/kinds.ts';

/** Where things stand below the state directory. What is not named here is not ours and is left alone. */
export interface Layout {
  readonly dir: string;
  readonly lock: string;
  readonly address: string;
  readonly inventory: string;
  readonly ahead: string;
  readonly problems: string;
  readonly events: string;
  readonly journal: string;
  readonly journalBefore: string;
  readonly alertFile: (alert: string) => string;
  readonly statusFolder: (kind: SpecKind) => string;
  readonly statusFile: (key: Key) => string;
}

export const STORED_KINDS = [
  'Project',
  'AgentClass',
  'Message',
  'Queue',
  'GitSource',
  'Alert',
] as const satisfies readonly SpecKind[];

/** Only the user reads what agents do, and where. */
export const FILE_MODE = 0o600;
export const FOLDER_MODE = 0o700;

export function layoutOf(dir: string): Layout {
  return {
    dir,
    lock: join(dir, 'lock'),
    address: join(dir, 'address'),
    inventory: join(dir, 'inventory.json'),
    ahead: join(dir, 'ahead.ndjson'),
    problems: join(dir, 'problems.json'),
    events: join(dir, 'events.ndjson'),
    journal: join(dir, 'journal.ndjson'),
    journalBefore: join(dir, 'journal.1.ndjson'),
    alertFile: (alert) => join(dir, 'alerts', `${encodeURIComponent(alert)}.json`),
    statusFolder: (kind) => join(dir, 'status', kind.toLowerCase()),
    statusFile: (key) => join(dir, 'status', folderOf(key), `${encodeURIComponent(nameOf(key))}.json`),
  };
}

/** The key whose status a file of that name holds; undefined for files that are not ours. */
export function keyOfStatusFile(kind: SpecKind, file: string): Key | undefined {
  const name = /^([A-Za-z0-9][A-Za-z0-9._~-]*)\.json$/.exec(file)?.[1];
  return name === undefined ? undefined : keyOf(kind, name);
}

function folderOf(key: Key): string {
  return key.slice(0, key.indexOf('/'));
}
