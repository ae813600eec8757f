/**
 * State out: what the controller saw and did, as files below the state directory (see layout.ts). While the controller
 * runs, memory is the truth and the files are its copy: nothing here throws, a write that fails is told once and tried
 * again, and a file that somebody deleted comes back. Objects and the inventory are written behind; whoever does something
 * that cannot be undone asks first whether what it follows from is written. When it starts, every file that is of use is taken, and what is
 * of none is moved aside. Files that are not ours are never touched.
 */

import type { AlertRecord } from '../../api/alerting.ts';
import type { EventNote } from '../../api/decision.ts';
import type { Event } from '../../api/generated/all.ts';
import type { InventoryEntry } from '../../api/inventory.ts';
import type { Key } from '../../api/key.ts';
import type { StoredObject } from '../../api/metadata.ts';
import type { Problem } from '../../api/problem.ts';
import { checkAlertRecord } from './check-alert-record.ts';
import { INVENTORY_VERSION } from './check-inventory.ts';
import { type About, createEventLog } from './event-log.ts';
import { createJournal } from './journal.ts';
import { layoutOf } from './layout.ts';
import { loadJson } from './load-file.ts';
import { accept, loadInventory, loadObjects } from './load-state.ts';
import { quarantine } from './quarantine.ts';
import type { OnStateProblem } from './state-problem.ts';
import { createFilesBehind } from './write-behind.ts';
import { createWriteFailures } from './write-failures.ts';
import { createWrittenFiles } from './written-files.ts';

export interface StateStoreOptions {
  /** Absolute; made with the first write if it is missing. */
  readonly dir: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly onProblem: OnStateProblem;
  /** Told of each write, append and removal. */
  readonly onWrite?: (result: 'success' | 'error') => void;
  /** Told of each event, once it is on record. */
  readonly onEvent?: (event: Event) => void;
}

/** No method throws. */
export interface FileStateStore {
  keys(): readonly Key[];
  object(key: Key): StoredObject | undefined;
  /** Has it written if the content differs from what was put last. */
  putObject(key: Key, object: StoredObject): void;
  removeObject(key: Key): void;
  inventory(key: Key): InventoryEntry | undefined;
  inventoryKeys(): readonly Key[];
  /** What several put at once is one write; see `inventoryWritten`. */
  putInventory(key: Key, entry: InventoryEntry): void;
  removeInventory(key: Key): void;
  /** Settles once what was put and removed of these objects is so on disk, or could not be made so; without keys, of all. */
  written(...keys: readonly Key[]): Promise<void>;
  /** As `written` of the one; what nobody waits for so is written after it. */
  writtenSoon(key: Key): Promise<boolean>;
  /** Settles once what was put into the inventory is on disk, or could not be made so; says whether it is. */
  inventoryWritten(): Promise<boolean>;
  /** Counts the event up if it happened before. A message longer than 1,024 characters is cut. */
  recordEvent(about: About, note: EventNote): void;
  /** The events that are kept, the latest last. */
  events(): readonly Event[];
  /** What an Alert remembers. */
  alertRecord(alert: string): AlertRecord | undefined;
  putAlertRecord(alert: string, record: AlertRecord): void;
  removeAlertRecord(alert: string): void;
  /** Appends the entry, with the time, as one line. */
  journal(entry: object): void;
  putProblems(problems: readonly Problem[]): void;
  /** Where the HTTP server listens (host:port), for the other commands; undefined when it ends. */
  putAddress(address: string | undefined): void;
  /**
   * Writes again what is missing on disk (somebody deleted or changed it) and what could not be written before. Of more than
   * 150 objects some are looked at each time, in turn, or `all` of them.
   */
  heal(all?: boolean): void;
}

/** Loads the directory. Only the holder of its lock may do so, for one directory has one writer. */
export function createStateStore({ dir, now, onProblem, onWrite, onEvent }: StateStoreOptions): FileStateStore {
  const layout = layoutOf(dir);
  const failures = createWriteFailures(onProblem, onWrite);
  const files = createWrittenFiles(failures);
  const behind = createFilesBehind(failures);
  const repaired = new Set<string>();
  const loading = {
    now: now(),
    onProblem,
    moveAside: (path: string) => quarantine(path, now()),
    intact: (path: string, text: string) => behind.adopt(path, text),
    repaired: (path: string) => repaired.add(path),
  };
  const objects = loadObjects(layout, loading);
  const inventory = loadInventory(layout, loading);
  const inventoryLines = new Map([...inventory].map(([key, entry]) => [key, inventoryLine(key, entry)]));
  const events = createEventLog({ path: layout.events, now, failures, onProblem });
  const journal = createJournal({ path: layout.journal, previousPath: layout.journalBefore, now, failures });

  // What was repaired is written at once: a default such as a creation time must not change with each start.
  for (const [key, object] of objects) if (repaired.has(layout.statusFile(key))) writeObject(key, object);
  if (repaired.has(layout.inventory)) writeInventory();

  function writeObject(key: Key, object: StoredObject): void {
    behind.put(layout.statusFile(key), `${JSON.stringify(object, undefined, 2)}\n`);
  }

  /** All entries stand in one file: of hundreds of new objects, those that come together share a write of it. */
  function writeInventory(): void {
    behind.change(layout.inventory, () => {
      const lines = [...inventoryLines.values()].join(',\n');
      return `{"version":${INVENTORY_VERSION},"entries":{\n${lines}\n}}\n`;
    });
  }

  return {
    keys: () => [...objects.keys()],
    object: (key) => objects.get(key),
    putObject(key, object) {
      objects.set(key, object);
      writeObject(key, object);
    },
    removeObject(key) {
      objects.delete(key);
      behind.remove(layout.statusFile(key));
    },
    inventory: (key) => inventory.get(key),
    inventoryKeys: () => [...inventory.keys()],
    putInventory(key, entry) {
      inventory.set(key, entry);
      inventoryLines.set(key, inventoryLine(key, entry));
      writeInventory();
    },
    removeInventory(key) {
      inventoryLines.delete(key);
      if (inventory.delete(key)) writeInventory();
    },
    async written(...keys) {
      if (keys.length === 0) await behind.written();
      else await Promise.all(keys.map((key) => behind.written(layout.statusFile(key))));
    },
    writtenSoon: (key) => behind.writtenSoon(layout.statusFile(key)),
    inventoryWritten: () => behind.writtenSoon(layout.inventory),
    recordEvent(about, note) {
      const event = events.record(about, note);
      onEvent?.(event);
    },
    events: () => events.all(),
    alertRecord(alert) {
      const path = layout.alertFile(alert);
      return accept(path, loadJson(path, checkAlertRecord), { ...loading, intact: files.adopt });
    },
    putAlertRecord: (alert, record) => void files.put(layout.alertFile(alert), `${JSON.stringify(record)}\n`),
    removeAlertRecord(alert) {
      files.remove(layout.alertFile(alert));
    },
    journal: (entry) => journal.write(entry),
    putProblems: (problems) =>
      void files.put(layout.problems, `${JSON.stringify({ version: 1, problems }, undefined, 2)}\n`),
    putAddress(address) {
      if (address === undefined) files.remove(layout.address);
      else files.put(layout.address, `${address}\n`);
    },
    heal(all) {
      files.heal();
      behind.heal(all);
      events.heal();
      journal.heal();
    },
  };
}

/** A line an entry: the file is written often, and a person can still read it. */
function inventoryLine(key: Key, entry: InventoryEntry): string {
  return `${JSON.stringify(key)}:${JSON.stringify(entry)}`;
}
