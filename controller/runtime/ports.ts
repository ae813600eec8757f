/**
 * What the runtime needs of the other rooms, in the runtime's words. The rooms implement these without importing them;
 * main.ts fits them together, and the simulated world of the tests puts its own in their place.
 */
import type { Action } from '../api/action.ts';
import type { EventNote } from '../api/decision.ts';
import type { Desired } from '../api/desired.ts';
import type { AgentClass, Alert, GitSource, Message, Project, Queue } from '../api/generated/all.ts';
import type { InventoryEntry } from '../api/inventory.ts';
import type { Key } from '../api/key.ts';
import type { Arrival, StoredObject } from '../api/metadata.ts';
import type { Problem } from '../api/problem.ts';

/** Milliseconds since the epoch, and timers; the simulated world turns its own hands. */
export interface Clock {
  now(): number;
  /** Calls back once after `ms`; the returned function cancels. */
  after(ms: number, callback: () => void): () => void;
}

/** Specs in: what a person wants. Implemented by store/specs. */
export interface SpecSource {
  /** Loads everything once, then watches; `changed` is told the keys whose desired state may differ. */
  start(signal: AbortSignal, changed: (keys: readonly Key[]) => void): Promise<void>;
  /** Looks at the files again now. Never rejects: what is wrong becomes a Problem. */
  reload(): Promise<void>;
  /** Keys of all objects in the present snapshot. */
  keys(): readonly Key[];
  /** When the object was first read by this controller, and at which place among those that were read with it. */
  arrival(key: Key): Arrival | undefined;
  /** What is wanted of a project, with classes resolved and paths absolute. */
  desiredProject(name: string): Desired;
  agentClass(name: string): AgentClass | undefined;
  project(name: string): Project | undefined;
  message(name: string): Message | undefined;
  queue(name: string): Queue | undefined;
  gitSource(name: string): GitSource | undefined;
  alert(name: string): Alert | undefined;
  /** Absolute; where the relative paths of an object start from. */
  folderOf(key: Key): string | undefined;
  problems(): readonly Problem[];
}

/**
 * State out: what the controller saw and did. Implemented by store/state. Every write is atomic, and none throws. What is
 * put is so at once for all who ask here, and on disk a moment later.
 */
export interface StateStore {
  keys(): readonly Key[];
  object(key: Key): StoredObject | undefined;
  putObject(key: Key, object: StoredObject): void;
  removeObject(key: Key): void;
  inventory(key: Key): InventoryEntry | undefined;
  inventoryKeys(): readonly Key[];
  /** What several put at once is one write; see `inventoryRecorded`. */
  putInventory(key: Key, entry: InventoryEntry): void;
  removeInventory(key: Key): void;
  /** Settles once what was put of the object, or its removal, survives this program, or cannot; says whether it does. */
  recorded(key: Key): Promise<boolean>;
  /** The same of what was put into the inventory. */
  inventoryRecorded(): Promise<boolean>;
  recordEvent(about: { readonly kind: string; readonly name: string; readonly uid?: string }, note: EventNote): void;
  journal(entry: JournalEntry): void;
  putProblems(problems: readonly Problem[]): void;
  /** Writes again what is missing on disk (somebody deleted it) and what could not be written before: looks at some files, or at `all`. */
  heal(all?: boolean): void;
}

export interface JournalEntry {
  readonly id: string;
  readonly key: Key;
  readonly step: 'intent' | 'done' | 'failed';
  readonly verb: Action['type'];
  /** In words; holds no value of an environment variable. */
  readonly what: string;
  readonly error?: string;
}

export interface ActionResult {
  readonly ok: boolean;
  /** There was nothing to do: what it was to act on is not so any more. */
  readonly idle?: true;
  /** For a person, without secrets. */
  readonly error?: string;
}

/** The hands. Never throws: a failure is a result. */
export interface Hands {
  carryOut(action: Action): Promise<ActionResult>;
}
