import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Key } from '../api/key.ts';
import { parseSourcePath } from '../api/source-path.ts';
import { sentMessages } from '../store/messages/sent.ts';
import { readAll } from '../store/overlays/overlays.ts';
import { createSources } from '../store/sources/look-at-sources.ts';
import { createRevisionReader } from '../store/sources/revision-reader.ts';
import { readCurrent } from '../store/sources/source-files.ts';
import { createAppliedRecords } from '../store/specs/applied-records.ts';
import { type Entry, fold } from '../store/specs/fold.ts';
import { readPresets } from '../store/specs/presets.ts';
import { createSpecFiles } from '../store/specs/spec-files.ts';
import { layoutOf, STORED_KINDS } from '../store/state/layout.ts';
import { readState } from '../store/state/read-state.ts';
import type { Places, SpecObject, SpecsView, StateView, StoresPort } from './ports.ts';

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
    state: readStateView,
  };
}

async function readSpecs(places: Places, { presets: directory, now }: StoresOptions): Promise<SpecsView> {
  const presets = readPresets(directory);
  const lastGood = new Map(readApplied(places).map((entry): [Key, Entry] => [entry.key, entry]));
  const clock = { now, after: () => () => undefined };
  const { scan, files } = await createSpecFiles({ directory: places.specs, allowInsecure: false }, clock).look(
    lastGood,
  );
  const fetched = await createSources(places.state, createRevisionReader()).look({ lastGood, files, now: now() });
  const { wanted, problems } = fold({
    closed: [...scan.closed, ...fetched.closed],
    files: [...files, ...fetched.files],
    lastGood,
    presets: presets.entries,
    waiting: new Set(fetched.waiting.map(({ key }) => key)),
    unsure: fetched.unsure,
  });
  const overlays = readAll(places.state);
  return {
    objects: [...wanted.values()].map((entry) => specObject(entry, places)),
    problems: [presets, scan, fetched, { problems }, overlays].flatMap((from) => from.problems),
  };
}

async function readStateView(places: Places): Promise<StateView> {
  const reader = readState(places.state);
  const asOf = await newestStatus(places);
  const sent = await sentMessages(places.state, () => undefined).list();
  return {
    objects: [...reader.objects().values()],
    events: reader.events(),
    sent: [...sent.values()],
    applied: readApplied(places).map((entry) => specObject(entry, places)),
    ...(asOf !== undefined && { asOf }),
  };
}

/** When the newest status file was written, in milliseconds since the epoch. */
async function newestStatus({ state }: Places): Promise<number | undefined> {
  const layout = layoutOf(state);
  const folders = STORED_KINDS.map(layout.statusFolder);
  const names = await Promise.all(
    folders.map(async (folder) => (await readdir(folder).catch(() => [])).map((name) => join(folder, name))),
  );
  const times = await Promise.all(
    names.flat().map((path) =>
      stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  return times.length === 0 ? undefined : Math.max(...times);
}

function readApplied({ state }: Places): readonly Entry[] {
  return createAppliedRecords(state, () => undefined)
    .load()
    .map(({ entry }) => entry);
}

/** A preset, which comes with muxlet, has no file that a verb may change. */
function specObject({ object, source }: Entry, { specs, state }: Places): SpecObject {
  if (source === undefined || source === '') return { object };
  const own = parseSourcePath(source);
  if (own === undefined) return { object, file: join(specs, source) };
  const current = readCurrent(state, own.name);
  const isInForce = current?.files.some(({ path }) => path === own.path) === true;
  return {
    object,
    origin: { source: own.name, file: own.path, ...(isInForce && { revision: current.revision }) },
  };
}
