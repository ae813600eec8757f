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

/** What a write takes at most, in milliseconds, and mostly: a disk stalls now and then. */
const WRITE_MS = 2;
const STALL_MS = 700;
const STALLS = 0.02;

export interface SimStateOptions {
  readonly disk: Disk;
  /** What a controller that has crashed had still to write reaches nothing. */
  readonly alive: () => boolean;
  readonly random: () => number;
  readonly after: (ms: number, callback: () => void) => void;
}

/** As the store: memory is the truth, and the disk follows a moment later, each file for itself. */
export function createSimState({ disk, alive, random, after }: SimStateOptions): StateStore {
  const objects = new Map(disk.objects);
  const inventory = new Map(disk.inventory);
  const objectsBehind = createBehind(disk.objects, objects);
  const inventoryBehind = createBehind(disk.inventory, inventory);

  function createBehind<Value>(there: Map<Key, Value>, here: ReadonlyMap<Key, Value>) {
    const open = new Set<Key>();
    const waiting: { readonly keys: readonly Key[]; readonly tell: () => void }[] = [];

    function bring(key: Key): void {
      open.delete(key);
      const value = here.get(key);
      if (!isDeepStrictEqual(there.get(key), value)) disk.writes += 1;
      if (value === undefined) there.delete(key);
      else there.set(key, value);
      for (const { keys, tell } of waiting) if (!keys.some((one) => open.has(one))) tell();
    }

    return {
      changed(key: Key): void {
        if (!alive() || open.has(key)) return;
        open.add(key);
        after(random() * (random() < STALLS ? STALL_MS : WRITE_MS), () => {
          bring(key);
        });
      },
      written: (keys: readonly Key[]): Promise<void> =>
        keys.some((key) => open.has(key))
          ? new Promise((tell) => {
              waiting.push({ keys, tell });
            })
          : Promise.resolve(),
      heal(): void {
        for (const key of new Set([...there.keys(), ...here.keys()])) {
          if (!isDeepStrictEqual(there.get(key), here.get(key))) this.changed(key);
        }
      },
    };
  }

  return {
    keys: () => [...objects.keys()],
    object: (key) => objects.get(key),
    putObject(key, object) {
      if (isDeepStrictEqual(objects.get(key), object)) return;
      objects.set(key, object);
      objectsBehind.changed(key);
    },
    removeObject(key) {
      objects.delete(key);
      objectsBehind.changed(key);
    },
    inventory: (key) => inventory.get(key),
    inventoryKeys: () => [...inventory.keys()],
    putInventory(key, entry) {
      inventory.set(key, entry);
      inventoryBehind.changed(key);
    },
    removeInventory(key) {
      inventory.delete(key);
      inventoryBehind.changed(key);
    },
    recorded: (key) => objectsBehind.written([key]).then(() => true),
    inventoryRecorded: () => inventoryBehind.written([...inventory.keys()]).then(() => true),
    recordEvent(_about, note) {
      if (alive()) disk.events.push(note);
    },
    journal: () => undefined,
    putProblems: () => undefined,
    heal() {
      objectsBehind.heal();
      inventoryBehind.heal();
    },
  };
}

/** As the program notes it: the time before which every run began in an earlier boot; undefined if there was none. */
export function noteBoot(disk: Disk, id: number, now: number): number | undefined {
  if (disk.boot?.id !== id) disk.boot = { id, since: now, isFirst: disk.boot === undefined };
  return disk.boot.isFirst ? undefined : disk.boot.since;
}
