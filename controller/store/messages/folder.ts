import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../state/atomic-write.ts';

/** A folder of JSON files that others put there as a whole: one object a file. */
export interface Folder<Item> {
  /** What is of use, by name, in the order of the names. */
  list(): Promise<ReadonlyMap<string, Item>>;
  put(name: string, item: Item): void;
  remove(name: string): Promise<void>;
}

/** Bytes; a text of a Message has at most a million characters. */
const MAX_BYTES = 8 * 1024 * 1024;

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
  const pathOf = (name: string): string => join(directory, `${name}.json`);

  async function readOne(name: string): Promise<Item | undefined> {
    const path = pathOf(name);
    try {
      const text = await readFile(path, 'utf8');
      const item = text.length > MAX_BYTES ? undefined : read(JSON.parse(text), name);
      if (item !== undefined) return item;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    }
    if (!told.has(path)) onBroken(path);
    told.add(path);
    return undefined;
  }

  return {
    async list() {
      const files = await readdir(directory).catch(() => []);
      const names = files
        .filter((file) => /^[A-Za-z0-9][A-Za-z0-9.-]*\.json$/.test(file))
        .map((file) => file.slice(0, -5));
      const items = await Promise.all(names.sort().map(async (name) => [name, await readOne(name)] as const));
      return new Map(items.flatMap(([name, item]) => (item === undefined ? [] : [[name, item] as const])));
    },
    put: (name, item) => {
      writeAtomically(pathOf(name), `${JSON.stringify(item, undefined, 2)}\n`);
    },
    remove: (name) => rm(pathOf(name), { force: true }),
  };
}

/** Makes the folder if it is missing, so that it can be watched. */
export async function makeFolder(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
}
