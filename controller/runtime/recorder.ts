import { isDeepStrictEqual } from 'node:util';
import type { Decision } from '../api/decision.ts';
import type { ProjectStatus } from '../api/generated/all.ts';
import type { Key } from '../api/key.ts';
import { type Identity, storedObject } from './identify.ts';
import type { StateStore } from './ports.ts';
import { inventoryOf } from './project-records.ts';

export interface Recorder {
  /** A new object, of which nothing is decided yet: it is on record while that is done. */
  begin(key: Key, identity: Identity, server: string): void;
  /** Settles once what was decided may be carried out: what is going to be made is on record until it is seen gone. */
  put(key: Key, decided: Decided): Promise<void>;
  /** Whether it was given another server, and that could not be recorded: nothing of it may be made there. */
  isMoving(key: Key): boolean;
  forget(key: Key): void;
}

/** What was decided, of what was seen. */
export interface Decided {
  readonly identity: Identity;
  readonly decision: Decision;
  readonly server: string;
  /** Nothing was stored of the object when it was looked at. */
  readonly isNew: boolean;
}

const UNDECIDED: ProjectStatus = { observedGeneration: 0, phase: 'Pending', conditions: [], agents: [] };

export function createRecorder(
  state: Pick<StateStore, 'inventory' | 'putInventory' | 'inventoryRecorded' | 'putObject' | 'recorded'>,
): Recorder {
  /** New objects that were begun, and when that is on record. */
  const begun = new Map<Key, Promise<unknown>>();
  /** Those that were given another server, which is not on record yet. */
  const moved = new Set<Key>();
  /** Those whose entry is on record as it is: what is done to them waits for nobody else's. */
  const recorded = new Set<Key>();

  return {
    begin(key, identity, server) {
      const { desired, meta } = identity;
      state.putObject(key, storedObject(identity, UNDECIDED));
      state.putInventory(key, inventoryOf(undefined, { desired, kept: [], places: [], uid: meta.uid, server }));
      begun.set(key, Promise.all([state.inventoryRecorded(), state.recorded(key)]));
    },
    async put(key, { identity, decision, server, isNew }) {
      const { meta, desired } = identity;
      const { status, places, actions } = decision;
      const before = state.inventory(key);
      const kept = status.agents.map(({ name }) => name);
      const entry = inventoryOf(before, { desired, kept, places, uid: meta.uid, server });
      const isEntered = isDeepStrictEqual(before, entry);
      const beginning = begun.get(key);
      begun.delete(key);
      // Also of what is on its way already: what is made may take its time, and that is to be said.
      if (isNew) state.putObject(key, storedObject(identity, status));
      if (before !== undefined && before.server !== server) moved.add(key);
      if (!isEntered) {
        recorded.delete(key);
        state.putInventory(key, entry);
      }
      // Nothing follows from it yet: who only waits in a line is on record sooner or later.
      if (actions.length === 0) return;
      if (beginning !== undefined && isEntered) {
        await beginning;
        return;
      }
      if (recorded.has(key) && !isNew) return;
      const [isOnRecord] = await Promise.all([state.inventoryRecorded(), isNew && state.recorded(key)]);
      if (!isOnRecord) return;
      moved.delete(key);
      recorded.add(key);
    },
    isMoving: (key) => moved.has(key),
    forget(key) {
      begun.delete(key);
      moved.delete(key);
      recorded.delete(key);
    },
  };
}
