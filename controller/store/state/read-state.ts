import { readFileSync, statSync } from 'node:fs';
import type { Event } from '../../api/generated/event.ts';
import type { InventoryEntry } from '../../api/inventory.ts';
import type { Key } from '../../api/key.ts';
import type { StoredObject } from '../../api/metadata.ts';
import type { Problem } from '../../api/problem.ts';
import { PROBLEM_CODES } from '../../api/problem.ts';
import { type OpenLines, readAhead } from './ahead-lines.ts';
import { type Check, isRecord, listOf, may, name, need, oneOf, ordinal, record, text } from './check.ts';
import type { Checked } from './check-object.ts';
import { checkObject } from './check-object.ts';
import { type LockHolder, readHolder } from './holder.ts';
import { layoutOf } from './layout.ts';
import { loadEvents } from './load-events.ts';
import { loadJson, loadLines } from './load-file.ts';
import { accept, loadInventory, loadObjects } from './load-state.ts';
import type { OnStateProblem } from './state-problem.ts';
import { laidOver, newsOfInventory, newsOfObjects, openInBoth, withNews } from './take-up.ts';

/** A state directory as a reader sees it. Each call reads the files anew; none creates, writes or locks anything. */
export interface StateReader {
  objects(): ReadonlyMap<Key, StoredObject>;
  object(key: Key): StoredObject | undefined;
  /** The latest last. */
  events(): readonly Event[];
  problems(): readonly Problem[];
  /** The latest last, at most about the last 8 MiB. */
  journal(): readonly JournalLine[];
  inventory(): ReadonlyMap<Key, InventoryEntry>;
  /** host:port at which the controller listens, or listened when it was killed. */
  address(): string | undefined;
  /** Who holds the lock, or held it when it was killed. */
  holder(): LockHolder | undefined;
}

export interface JournalLine {
  /** ISO 8601. */
  readonly time: string;
  readonly [field: string]: unknown;
}

export interface ReadStateOptions {
  /** Told of what is malformed; without it, that is left out silently. */
  readonly onProblem?: OnStateProblem;
}

/** Reads what a controller wrote, whether it runs or not. A directory that is missing is an empty one. */
export function readState(dir: string, { onProblem = () => {} }: ReadStateOptions = {}): StateReader {
  const layout = layoutOf(dir);
  // A lost creation time is shown as the beginning of time rather than as one that changes with each look.
  const loading = { now: 0, onProblem };
  /** What the log says beside what `read` has read of the files. */
  function withLog<T>(read: () => T): { readonly found: T; readonly open: OpenLines } {
    const { open } = readAhead(layout.ahead);
    const found = read();
    return { found, open: open.size === 0 ? open : openInBoth(open, readAhead(layout.ahead).open) };
  }

  return {
    objects() {
      const { found, open } = withLog(() => loadObjects(layout, loading));
      return laidOver(found, newsOfObjects(open, layout, loading.now));
    },
    object(key) {
      const path = layout.statusFile(key);
      const { found, open } = withLog(() => {
        const loaded = loadJson(path, (raw) => checkObject(raw, key, loading.now));
        return accept(path, loaded, loading);
      });
      const news = newsOfObjects(open, layout, loading.now);
      return news.has(key) ? news.get(key) : found;
    },
    events: () => loadEvents(layout.events, onProblem),
    problems: () => accept(layout.problems, loadJson(layout.problems, checkProblems), loading) ?? [],
    journal: () => [layout.journalBefore, layout.journal].flatMap(readJournal),
    inventory() {
      const { found, open } = withLog(() => loadInventory(layout, loading));
      return withNews(found, newsOfInventory(open, layout));
    },
    address: () => readAddress(layout.address),
    holder: () => readHolder(layout.lock),
  };
}

const JOURNAL_BYTES = 4 * 1024 * 1024;

function readJournal(path: string): readonly JournalLine[] {
  const { values } = loadLines(path, JOURNAL_BYTES);
  return values.filter((value): value is JournalLine => isRecord(value) && typeof value['time'] === 'string');
}

const code = Object.fromEntries(Object.keys(PROBLEM_CODES).map((known) => [known, true as const]));

const problem: Check = record<Problem>({
  code: need(oneOf(code)),
  severity: need(oneOf<Problem['severity']>({ Error: true, Warning: true })),
  file: need(text),
  line: may(ordinal),
  column: may(ordinal),
  field: may(text),
  object: may(record<NonNullable<Problem['object']>>({ kind: need(name), name: need(name) })),
  message: need(text),
  hint: may(text),
});

function checkProblems(raw: unknown): Checked<readonly Problem[]> {
  if (!isRecord(raw) || raw['version'] !== 1) return { type: 'Unusable', why: 'its version is not 1' };
  const dropped: string[] = [];
  const value = listOf(problem)(raw['problems'], { path: 'problems', dropped: (path) => dropped.push(path) });
  if (value === undefined) return { type: 'Unusable', why: 'it has no list of problems' };
  return { type: 'Usable', value: value as readonly Problem[], dropped };
}

function readAddress(path: string): string | undefined {
  try {
    if (!statSync(path).isFile()) return undefined;
    return /^\S+:\d+$/.exec(readFileSync(path, 'utf8').trim())?.[0];
  } catch {
    return undefined;
  }
}
