import type { InventoryEntry } from '../api/inventory.ts';
import type { Key } from '../api/key.ts';
import { API_VERSION } from '../api/kinds.ts';
import { FINALIZER, type StoredObject } from '../api/metadata.ts';
import type { StateStore } from '../runtime/ports.ts';

export interface Remembered {
  readonly object: StoredObject;
  readonly inventory: InventoryEntry | undefined;
}

/** The state of one project, to be changed in memory only; told of events and the journal, it says them. */
export function memoryState(
  key: Key,
  remembered: Remembered,
  tell: Pick<StateStore, 'recordEvent' | 'journal'> = { recordEvent: () => undefined, journal: () => undefined },
): StateStore {
  let object: StoredObject | undefined = remembered.object;
  let entry = remembered.inventory;
  return {
    ...tell,
    keys: () => [key],
    object: () => object,
    putObject: (_key, next) => {
      object = next;
      return true;
    },
    removeObject: () => {
      object = undefined;
    },
    inventory: () => entry,
    inventoryKeys: () => [key],
    putInventory: (_key, next) => {
      entry = next;
    },
    removeInventory: () => {
      entry = undefined;
    },
    recorded: () => Promise.resolve(true),
    inventoryRecorded: () => Promise.resolve(true),
    putProblems: () => undefined,
    heal: () => undefined,
  };
}

/** A project that no record tells of: its marks say enough to end it. */
export function unrecorded(name: string, uid: string, now: number): StoredObject {
  const creationTimestamp = new Date(now).toISOString();
  return {
    apiVersion: API_VERSION,
    kind: 'Project',
    metadata: { name, uid, generation: 1, creationTimestamp, finalizers: [FINALIZER] },
    specHash: '',
    status: { observedGeneration: 0, phase: 'Pending', conditions: [], agents: [] },
  };
}
