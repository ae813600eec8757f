import { isDeepStrictEqual } from 'node:util';
import type { EventNote } from '../../controller/api/decision.ts';
import type { InventoryEntry } from '../../controller/api/inventory.ts';
import type { Key } from '../../controller/api/key.ts';
import type { StoredObject } from '../../controller/api/metadata.ts';
import type { StateStore } from '../../controller/runtime/ports.ts';

/** The state directory: outlives controllers, unless somebody deletes it. */
export interface Disk {
  readonly objects: Map<Key, StoredObject>;
  readonly inventory: Map<Key, InventoryEntry>;
  readonly events: EventNote[];
  /** In which boot of the machine a controller last started, and when one first did; the one before it. */
  boot: { readonly id: number; readonly since: number; readonly isFirst: boolean } | undefined;
  /** How often the status of an object, or the inventory, was written with a new content. */
  writes: number;
}

export function createDisk(): Disk {
  return { objects: new Map(), inventory: new Map(), events: [], boot: undefined, writes: 0 };
}

/** What a controller that has crashed still tries to write reaches nothing. */
export function createSimState(disk: Disk, alive: () => boolean): StateStore {
  const write = (change: () => void): void => {
    if (!alive()) return;
    disk.writes += 1;
    change();
  };
  return {
    keys: () => [...disk.objects.keys()],
    object: (key) => disk.objects.get(key),
    putObject(key, object) {
      const differs = !isDeepStrictEqual(disk.objects.get(key), object);
      if (differs) write(() => disk.objects.set(key, object));
      return differs;
    },
    removeObject(key) {
      write(() => disk.objects.delete(key));
    },
    inventory: (key) => disk.inventory.get(key),
    inventoryKeys: () => [...disk.inventory.keys()],
    putInventory(key, entry) {
      write(() => disk.inventory.set(key, entry));
      return Promise.resolve();
    },
    removeInventory(key) {
      write(() => disk.inventory.delete(key));
    },
    recordEvent(_about, note) {
      if (alive()) disk.events.push(note);
    },
    journal: () => undefined,
    putProblems: () => undefined,
    heal: () => undefined,
  };
}

/** As the program notes it: the time before which every run began in an earlier boot; undefined if there was none. */
export function noteBoot(disk: Disk, id: number, now: number): number | undefined {
  if (disk.boot?.id !== id) disk.boot = { id, since: now, isFirst: disk.boot === undefined };
  return disk.boot.isFirst ? undefined : disk.boot.since;
}
