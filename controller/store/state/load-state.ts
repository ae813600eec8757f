import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { InventoryEntry } from '../../api/inventory.ts';
import type { Key } from '../../api/key.ts';
import type { StoredObject } from '../../api/metadata.ts';
import { checkInventory } from './check-inventory.ts';
import { checkObject } from './check-object.ts';
import { keyOfStatusFile, type Layout, STORED_KINDS } from './layout.ts';
import { type Loaded, loadJson } from './load-file.ts';
import type { OnStateProblem } from './state-problem.ts';

/** What the loading side does with what it finds; a reader looks only, the store also moves broken files aside. */
export interface LoadOptions {
  readonly now: number;
  readonly onProblem: OnStateProblem;
  /** Moves a file of no use aside, and says where to. */
  readonly moveAside?: (path: string) => string | undefined;
  /** The file is intact and stands on disk as it was loaded. */
  readonly intact?: (path: string, text: string) => void;
  /** Fields were dropped, so that the file says something else than was loaded. */
  readonly repaired?: (path: string) => void;
}

/** All objects whose status file is of use. One broken file costs that one object. */
export function loadObjects(layout: Layout, options: LoadOptions): Map<Key, StoredObject> {
  const objects = new Map<Key, StoredObject>();
  for (const kind of STORED_KINDS) {
    const folder = layout.statusFolder(kind);
    for (const file of listFolder(folder)) {
      const key = keyOfStatusFile(kind, file);
      if (key === undefined) continue;
      const path = join(folder, file);
      const object = accept(
        path,
        loadJson(path, (raw) => checkObject(raw, key, options.now)),
        options,
      );
      if (object !== undefined) objects.set(key, object);
    }
  }
  return objects;
}

export function loadInventory(layout: Layout, options: LoadOptions): Map<Key, InventoryEntry> {
  const path = layout.inventory;
  return new Map(accept(path, loadJson(path, checkInventory), options));
}

/** Takes what was loaded, and tells what is wrong with it. */
export function accept<T>(
  path: string,
  loaded: Loaded<T>,
  { onProblem, moveAside, intact, repaired }: LoadOptions,
): T | undefined {
  switch (loaded.type) {
    case 'Absent':
      return undefined;
    case 'Unreadable':
      onProblem({ type: 'Unreadable', path, message: loaded.message });
      return undefined;
    case 'Corrupt': {
      const movedTo = moveAside?.(path);
      onProblem({ type: 'Corrupt', path, message: loaded.message, ...(movedTo !== undefined && { movedTo }) });
      return undefined;
    }
    case 'Loaded':
      if (loaded.dropped.length === 0) intact?.(path, loaded.text);
      else {
        onProblem({ type: 'FieldsDropped', path, fields: loaded.dropped });
        repaired?.(path);
      }
      return loaded.value;
  }
}

function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
