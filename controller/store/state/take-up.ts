import { basename, dirname, join } from 'node:path';
import type { InventoryEntry } from '../../api/inventory.ts';
import type { Key } from '../../api/key.ts';
import type { StoredObject } from '../../api/metadata.ts';
import type { News, OpenLines } from './ahead-lines.ts';
import { isRecord } from './check.ts';
import { checkInventory, INVENTORY_VERSION } from './check-inventory.ts';
import { checkObject } from './check-object.ts';
import { keyOfStatusFile, type Layout, STORED_KINDS } from './layout.ts';

/** What a log says of entries of the inventory; undefined where one is gone. */
export interface InventoryNews {
  /** There are no others. */
  readonly whole: boolean;
  readonly entries: ReadonlyMap<Key, InventoryEntry | undefined>;
}

/** What the log says of objects, undefined where one is gone. What is of no use is left out. */
export function newsOfObjects(open: OpenLines, layout: Layout, now: number): Map<Key, StoredObject | undefined> {
  const found = new Map<Key, StoredObject | undefined>();
  for (const [file, lines] of open) {
    const key = keyOfPath(join(layout.dir, file), layout);
    const { news } = lines.at(-1) ?? {};
    if (key === undefined) continue;
    if (news === null) {
      found.set(key, undefined);
      continue;
    }
    const checked = checkObject(parse(news), key, now);
    if (checked.type === 'Usable') found.set(key, checked.value);
  }
  return found;
}

export function newsOfInventory(open: OpenLines, layout: Layout): InventoryNews {
  const entries = new Map<Key, InventoryEntry | undefined>();
  let whole = false;
  for (const { news } of open.get(basename(layout.inventory)) ?? []) {
    if (!isRecord(news) || !isRecord(news['entries'])) continue;
    whole ||= news['whole'] === true;
    for (const [key, entry] of Object.entries(news['entries'])) if (entry === null) entries.set(key as Key, undefined);
    const checked = checkInventory({ version: INVENTORY_VERSION, entries: news['entries'] });
    if (checked.type === 'Usable') for (const [key, entry] of checked.value) entries.set(key, entry);
  }
  return { whole, entries };
}

/** The same of the whole inventory, over what stands in its file. */
export function withNews(entries: ReadonlyMap<Key, InventoryEntry>, news: InventoryNews): Map<Key, InventoryEntry> {
  return laidOver(news.whole ? new Map() : entries, news.entries);
}

/** What stands in files, with the news over it; what is gone is left out. */
export function laidOver<T>(found: ReadonlyMap<Key, T>, news: ReadonlyMap<Key, T | undefined>): Map<Key, T> {
  const all = new Map(found);
  for (const [key, value] of news) {
    if (value === undefined) all.delete(key);
    else all.set(key, value);
  }
  return all;
}

/** For whoever only reads, and read the log before the files and after them: what was settled meanwhile, a file says. */
export function openInBoth(before: OpenLines, after: OpenLines): OpenLines {
  return new Map(
    [...before].map(([file, lines]): [string, News[]] => {
      const still = new Set((after.get(file) ?? []).map(({ number }) => number));
      return [file, lines.filter(({ number }) => still.has(number))];
    }),
  );
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
