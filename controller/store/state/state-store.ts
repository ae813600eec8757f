/**
 * State out: what the controller saw and did, as files below the state directory (see layout.ts). While the controller
 * runs, memory is the truth and the files are its copy: nothing here throws, a write that fails is told once and tried
 * again, and a file that somebody deleted comes back. Objects and the inventory are written behind; whoever does something
 * that cannot be undone has recorded first what it follows from (see write-ahead.ts). When it starts, every file that is
 * of use is taken, and what is of none is moved aside. Files that are not ours are never touched.
 */

import { join } from 'node:path';
import type { AlertRecord } from '../../api/alerting.ts';
import type { EventNote } from '../../api/decision.ts';
import type { Event } from '../../api/generated/all.ts';
import type { InventoryEntry } from '../../api/inventory.ts';
import type { Key } from '../../api/key.ts';
import type { StoredObject } from '../../api/metadata.ts';
import type { Problem } from '../../api/problem.ts';
import { readAhead } from './ahead-lines.ts';
import { checkAlertRecord } from './check-alert-record.ts';
import { INVENTORY_VERSION } from './check-inventory.ts';
import { type About, createEventLog } from './event-log.ts';
import { createJournal } from './journal.ts';
import { layoutOf } from './layout.ts';
import { loadJson } from './load-file.ts';
import { accept, loadInventory, loadObjects } from './load-state.ts';
import { quarantine } from './quarantine.ts';
import { createScribe, type Scribe } from './scribe.ts';
import type { OnStateProblem } from './state-problem.ts';
import { newsOfInventory, newsOfObjects, withNews } from './take-up.ts';
import { createWriteAheadLog } from './write-ahead.ts';
import { createFilesBehind } from './write-behind.ts';
import { createWriteFailures } from './write-failures.ts';
import { createWrittenFiles } from './written-files.ts';

export interface StateStoreOptions {
  /** Absolute; made with the first write if it is missing. */
  readonly dir: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Who writes objects and the inventory. Default: a thread of their own. */
  readonly scribe?: Scribe;
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
  /** What several put at once is one write; see `inventoryRecorded`. */
  putInventory(key: Key, entry: InventoryEntry): void;
  removeInventory(key: Key): void;
  /** Settles once all that was put and removed until now stands in its files, or could not be written, and the scribe is idle. */
  written(): Promise<void>;
  /** Settles once what was put of the object, or its removal, survives this program, or cannot; says whether it does. */
  recorded(key: Key): Promise<boolean>;
  /** The same of what was put into the inventory. */
  inventoryRecorded(): Promise<boolean>;
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
export function createStateStore(options: StateStoreOptions): FileStateStore {
  const { dir, now, scribe = createScribe(), onProblem, onWrite, onEvent } = options;
  const layout = layoutOf(dir);
  const failures = createWriteFailures(onProblem, onWrite);
  const files = createWrittenFiles(failures);
  const found = readAhead(layout.ahead);
  if (found.malformed > 0) onProblem({ type: 'LinesDropped', path: layout.ahead, count: found.malformed });
  const inLog = { objects: newsOfObjects(found.open, layout, now()), inventory: newsOfInventory(found.open, layout) };
  const ahead = createWriteAheadLog({ dir, path: layout.ahead, found });
  const behind = createFilesBehind({ failures, ahead, scribe });
  const repaired = new Set<string>();
  const loading = {
    now: now(),
    onProblem,
    moveAside: (path: string) => quarantine(path, now()),
    intact: (path: string, text: string) =>
      behind.adopt(path, text, path === layout.inventory ? inventoryNews : undefined),
    repaired: (path: string) => repaired.add(path),
  };
  const objects = loadObjects(layout, loading);
  const inventory = withNews(loadInventory(layout, loading), inLog.inventory);
  const inventoryLines = new Map([...inventory].map(([key, entry]) => [key, inventoryLine(key, entry)]));
  /** Those whose entries changed since all were recorded; and whether the file that they are to go with may be gone. */
  const unrecorded = new Set<Key>();
  let isBaseLost = false;
  const events = createEventLog({ path: layout.events, now, failures, onProblem });
  const journal = createJournal({ path: layout.journal, previousPath: layout.journalBefore, now, failures });

  // What was repaired is written at once: a default such as a creation time must not change with each start.
  for (const [key, object] of objects) if (repaired.has(layout.statusFile(key))) writeObject(key, object);
  if (repaired.has(layout.inventory)) writeInventory();
  takeUp();

  function writeObject(key: Key, object: StoredObject): void {
    behind.put(layout.statusFile(key), textOf(object));
  }

  function removeObject(key: Key): void {
    objects.delete(key);
    behind.remove(layout.statusFile(key));
  }

  /** All entries stand in one file: of hundreds of new objects, those that come together share a write of it. */
  function writeInventory(): void {
    behind.change(layout.inventory, inventoryText, inventoryNews);
  }

  function inventoryNews(): object {
    const keys = isBaseLost ? inventory.keys() : unrecorded;
    return {
      whole: isBaseLost,
      entries: Object.fromEntries([...keys].map((key) => [key, inventory.get(key) ?? null])),
    };
  }

  function inventoryText(): string {
    const lines = [...inventoryLines.values()].join(',\n');
    return `{"version":${INVENTORY_VERSION},"entries":{\n${lines}\n}}\n`;
  }

  function enter(key: Key, entry: InventoryEntry | undefined): void {
    unrecorded.add(key);
    if (entry === undefined) {
      inventory.delete(key);
      inventoryLines.delete(key);
    } else {
      inventory.set(key, entry);
      inventoryLines.set(key, inventoryLine(key, entry));
    }
  }

  /** What the controller before us had recorded, and was killed before it was written. */
  function takeUp(): void {
    for (const [key, object] of inLog.objects) {
      if (object === undefined) removeObject(key);
      else {
        objects.set(key, object);
        // Also what stands in its file by now: only once it is written again does the log know it.
        const text = textOf(object);
        const same = (): string => text;
        behind.change(layout.statusFile(key), same, same);
      }
    }
    if (ahead.holds(layout.inventory)) writeInventory();
    // What is left is of no use to anybody, or to an earlier or later version alone.
    const known = new Set([layout.inventory, ...[...inLog.objects.keys()].map(layout.statusFile)]);
    const unknown = [...found.open.keys()].map((file) => join(dir, file)).filter((path) => !known.has(path));
    for (const path of unknown) ahead.settle(path, found.last);
  }

  return {
    keys: () => [...objects.keys()],
    object: (key) => objects.get(key),
    putObject(key, object) {
      objects.set(key, object);
      writeObject(key, object);
    },
    removeObject,
    inventory: (key) => inventory.get(key),
    inventoryKeys: () => [...inventory.keys()],
    putInventory(key, entry) {
      enter(key, entry);
      writeInventory();
    },
    removeInventory(key) {
      if (!inventory.has(key)) return;
      enter(key, undefined);
      writeInventory();
    },
    async written() {
      await behind.written();
      await scribe.idle();
    },
    recorded: (key) => Promise.resolve(behind.recorded(layout.statusFile(key))),
    inventoryRecorded() {
      const isRecorded = behind.recorded(layout.inventory);
      if (isRecorded === true) {
        unrecorded.clear();
        isBaseLost = false;
      }
      return Promise.resolve(isRecorded);
    },
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
      ahead.heal();
      if (behind.heal(all).includes(layout.inventory)) {
        isBaseLost = true;
        writeInventory();
      }
      events.heal();
      journal.heal();
    },
  };
}

function textOf(object: StoredObject): string {
  return `${JSON.stringify(object, undefined, 2)}\n`;
}

/** A line an entry: the file is written often, and a person can still read it. */
function inventoryLine(key: Key, entry: InventoryEntry): string {
  return `${JSON.stringify(key)}:${JSON.stringify(entry)}`;
}
