import { basename, dirname } from 'node:path';
import type { InventoryEntry } from '../../api/inventory.ts';
import type { Key } from '../../api/key.ts';
import type { StoredObject } from '../../api/metadata.ts';
import { isRecord } from './check.ts';
import { checkInventory, INVENTORY_VERSION } from './check-inventory.ts';
import { checkObject } from './check-object.ts';
import { keyOfStatusFile, type Layout, STORED_KINDS } from './layout.ts';
import type { WriteAheadLog } from './write-ahead.ts';

type Found = WriteAheadLog['found'];

/** What the log says of objects, undefined where one is gone. What is of no use is left out. */
export function newsOfObjects(found: Found, layout: Layout, now: number): [Key, StoredObject | undefined][] {
  return [...found].flatMap(([path, news]): [Key, StoredObject | undefined][] => {
    const key = keyOfPath(path, layout);
    const text = news.at(-1);
    if (key === undefined) return [];
    if (text === undefined) return [[key, undefined]];
    const checked = checkObject(parse(text), key, now);
    return checked.type === 'Usable' ? [[key, checked.value]] : [];
  });
}

/** What the log says of entries of the inventory, the latest last; undefined where one is gone. */
export function newsOfInventory(found: Found, layout: Layout): [Key, InventoryEntry | undefined][] {
  const changes = (found.get(layout.inventory) ?? []).filter(isRecord);
  return changes.flatMap((entries) => {
    const gone = Object.keys(entries).filter((key) => entries[key] === null);
    const checked = checkInventory({ version: INVENTORY_VERSION, entries });
    const kept = checked.type === 'Usable' ? [...checked.value] : [];
    return [...gone.map((key): [Key, undefined] => [key as Key, undefined]), ...kept];
  });
}

function keyOfPath(path: string, layout: Layout): Key | undefined {
  const kind = STORED_KINDS.find((candidate) => layout.statusFolder(candidate) === dirname(path));
  return kind && keyOfStatusFile(kind, basename(path));
}

function parse(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
