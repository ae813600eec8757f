import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, writeAtomically } from '../state/atomic-write.ts';
import { readRegular, stampOf } from './read-regular.ts';

/** A folder of JSON files that others put there as a whole: one object a file. */
export interface Folder<Item> {
  /**
   * What is of use, by name, in the order of the names: the same object again for a file that did not change. Rejects if
   * the folder is there and cannot be read, since that says nothing of what is in it.
   */
  list(): Promise<ReadonlyMap<string, Item>>;
  put(name: string, item: Item): void;
  remove(name: string): Promise<void>;
}

/** Bytes; a text of a Message has at most a million characters. */
const MAX_BYTES = 8 * 1024 * 1024;
/** Files that are open at the same time. */
const AT_ONCE = 32;

/**
 * @param read gives undefined for what is not of use
 * @param onBroken told once of each file that is of no use
 */
export function createFolder<Item>(
  directory: string,
  read: (raw: unknown, name: string) => Item | undefined,
  onBroken: (path: string) => void,
): Folder<Item> {
  const told = new Set<string>();
  const known = new Map<string, { readonly stamp: string; readonly item: Item | undefined }>();
  const pathOf = (name: string): string => join(directory, `${name}.json`);

  function brokenOnce(path: string): undefined {
    if (!told.has(path)) onBroken(path);
    told.add(path);
  }

  async function readOne(name: string): Promise<Item | undefined> {
    const path = pathOf(name);
    const before = known.get(name);
    try {
      const stamp = await stampOf(path);
      if (before?.stamp === stamp) return before.item;
      const text = await readRegular(path, MAX_BYTES);
      const item = text === undefined ? undefined : read(parse(text), name);
      known.set(name, { stamp, item });
      return item ?? brokenOnce(path);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      // That it cannot be read just now takes nothing back.
      return before?.item ?? brokenOnce(path);
    }
  }

  return {
    async list() {
      const files = await namesIn(directory);
      const names = files
        .filter((file) => /^[A-Za-z0-9][A-Za-z0-9.-]*\.json$/.test(file))
        .map((file) => file.slice(0, -5))
        .sort();
      const items = new Map<string, Item>();
      for (let from = 0; from < names.length; from += AT_ONCE) {
        const some = names.slice(from, from + AT_ONCE);
        const found = await Promise.all(some.map(readOne));
        for (const [index, item] of found.entries()) if (item !== undefined) items.set(some[index] ?? '', item);
      }
      const there = new Set(names);
      for (const name of known.keys()) if (!there.has(name)) known.delete(name);
      for (const path of told) if (!there.has(path.slice(directory.length + 1, -5))) told.delete(path);
      return items;
    },
    put: (name, item) => {
      writeAtomically(pathOf(name), `${JSON.stringify(item, undefined, 2)}\n`);
    },
    remove: (name) => rm(pathOf(name), { force: true }),
  };
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Makes the folder if it is missing, so that it can be watched. */
export async function makeFolder(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
}
