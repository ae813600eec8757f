import { join } from 'node:path';
import type { Key } from '../api/key.ts';
import { createAppliedRecords } from '../store/specs/applied-records.ts';
import { type Entry, fold } from '../store/specs/fold.ts';
import { readPresets } from '../store/specs/presets.ts';
import { createSpecFiles } from '../store/specs/spec-files.ts';
import type { Places, SpecObject, SpecsView, StoresPort } from './ports.ts';
import { readStateFiles } from './read-state.ts';

export interface StoresOptions {
  /** Directory of the AgentClasses that come with muxlet. */
  readonly presets: string;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** The readers of files that the verbs look through, over the stores' own. */
export function createStores(options: StoresOptions): StoresPort {
  return {
    specs: (places) => readSpecs(places, options),
    state: async (places) => ({
      ...(await readStateFiles(places)),
      applied: readApplied(places).map((entry) => specObject(entry, places)),
    }),
  };
}

async function readSpecs(places: Places, { presets: directory, now }: StoresOptions): Promise<SpecsView> {
  const presets = readPresets(directory);
  const lastGood = new Map(readApplied(places).map((entry): [Key, Entry] => [entry.key, entry]));
  const clock = { now, after: () => () => undefined };
  const { scan, files } = await createSpecFiles({ directory: places.specs, allowInsecure: false }, clock).look(
    lastGood,
  );
  const { wanted, problems } = fold({ ...scan, files, lastGood, presets: presets.entries });
  return {
    objects: [...wanted.values()].map((entry) => specObject(entry, places)),
    problems: [...presets.problems, ...scan.problems, ...problems],
  };
}

function readApplied({ state }: Places): readonly Entry[] {
  return createAppliedRecords(state, () => undefined)
    .load()
    .map(({ entry }) => entry);
}

/** A preset, which comes with muxlet, has no file that a verb may change. */
function specObject({ object, source }: Entry, { specs }: Places): SpecObject {
  return source === undefined || source === '' ? { object } : { object, file: join(specs, source) };
}
