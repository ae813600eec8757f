import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Event } from '../api/generated/all.ts';
import type { StoredObject } from '../api/metadata.ts';
import type { Places } from './ports.ts';

/** What stands in the state directory, but for the last good specs; a missing one is empty. */
export interface StateFiles {
  readonly objects: readonly StoredObject[];
  readonly events: readonly Event[];
  /** Milliseconds since the epoch. */
  readonly asOf?: number;
}

export async function readStateFiles({ state }: Places): Promise<StateFiles> {
  const folders = ['project', 'agentclass'].map((kind) => join(state, 'status', kind));
  const files = (await Promise.all(folders.map(jsonFiles))).flat();
  const read = (await Promise.all(files.map(readStored))).filter((each) => each !== undefined);
  const objects = read.map(({ object }) => object);
  return {
    objects,
    events: await readEvents(join(state, 'events.ndjson')),
    ...(read.length > 0 && { asOf: Math.max(...read.map(({ mtimeMs }) => mtimeMs)) }),
  };
}

async function jsonFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith('.json') && !name.startsWith('.')).map((name) => join(folder, name));
}

async function readStored(file: string) {
  try {
    const object = JSON.parse(await readFile(file, 'utf8')) as StoredObject;
    return { object, mtimeMs: (await stat(file)).mtimeMs };
  } catch {
    // Removed between the two looks, or damaged: the controller sees to it.
    return undefined;
  }
}

async function readEvents(file: string): Promise<readonly Event[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const latest = new Map<string, Event>();
  for (const line of text.split('\n')) {
    try {
      const event = JSON.parse(line) as Event;
      latest.set(event.metadata.name, event);
    } catch {
      // The last line may be half-written, and an empty one is nothing.
    }
  }
  return [...latest.values()];
}
