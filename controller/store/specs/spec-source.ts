/**
 * Specs in: everything between a directory of files and what is wanted of each object. This room reads specs/ and the
 * presets, and keeps the last good versions in STATE/applied/; it never writes what a person wrote, and never acts on
 * anything: it tells keys, and answers what it is asked.
 */
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Desired } from '../../api/desired.ts';
import type { AgentClass, Alert, GitSource, Message, Project, Queue } from '../../api/generated/all.ts';
import { type Key, keyOf, nameOf } from '../../api/key.ts';
import type { Manifest } from '../../api/manifest.ts';
import type { Arrival } from '../../api/metadata.ts';
import type { KnownRole } from '../../api/normalise-briefing.ts';
import type { Problem } from '../../api/problem.ts';
import { parseSourcePath } from '../../api/source-path.ts';
import { createSources } from '../sources/look-at-sources.ts';
import { createRevisionReader, type RevisionReader } from '../sources/revision-reader.ts';
import type { Followed } from '../sources/vanished.ts';
import { createVanishedRecords } from '../sources/vanished-records.ts';
import type { Scribe } from '../state/scribe.ts';
import { type AppliedRecord, createAppliedRecords } from './applied-records.ts';
import { type Arrivals, noteArrivals } from './arrivals.ts';
import type { Clock } from './clock.ts';
import { type CoalescerSteps, createCoalescer } from './coalesce.ts';
import { isShared, withDependents } from './dependents.ts';
import { createDescriptions, placeOf } from './describe-project.ts';
import { entryOf, fold } from './fold.ts';
import { type Presets, readPresets } from './presets.ts';
import { byPlace } from './problem-order.ts';
import { createQuietCheckout } from './quiet-checkout.ts';
import { classesOf, rolesOf } from './shared-objects.ts';
import { singleFlight } from './single-flight.ts';
import { createSpecFiles } from './spec-files.ts';
import { advance, beginTracking, confirmIn, isGone, type Tracking } from './tracking.ts';
import { watchDirectory } from './watch-directory.ts';

export interface SpecSourceOptions {
  readonly directory: string;
  readonly presets: string;
  /** The state directory; last good versions stand in its applied/. */
  readonly state: string;
  readonly clock: Clock;
  /** '~' in specs. Default: the user's own. */
  readonly home?: string;
  /** Takes files that others can write, with a Warning: for file systems that know no owners. */
  readonly allowInsecure?: boolean;
  /** Writes nothing at all: for verbs that only read. */
  readonly readOnly?: boolean;
  /** Asked before anything is told or written: whether we still lead. Default: yes. */
  readonly mayAct?: () => Promise<boolean>;
  readonly listener?: SpecSourceListener;
  /** Waits until what follows from a change is under way; the last good versions are written after it. Default: a turn of the event loop. */
  readonly giveWay?: () => Promise<unknown>;
  /** Who writes the last good versions. Default: a thread of their own. */
  readonly scribe?: Scribe;
  /** Shared with whoever reads revisions of GitSources as well, so that each file is parsed once. */
  readonly revisions?: RevisionReader;
  /** Who looks at the repositories of GitSources, if anybody does. */
  readonly followed?: Followed;
}

export interface SpecSourceListener {
  loaded?(report: LoadReport): void;
  /** Files are changing, and are read in a moment. */
  changing?(): void;
  /** That will be wanted in a moment, if its file stays as it is. */
  expected?(desired: Desired): void;
  /** Changes are found by the timer alone for now. */
  watchFailed?(error: unknown): void;
  /** A last good version could not be read or written. */
  recordFailed?(path: string, error: unknown): void;
}

export interface LoadReport {
  /** Milliseconds. */
  readonly duration: number;
  readonly files: number;
  readonly objects: number;
  readonly changed: readonly Key[];
  readonly problems: readonly Problem[];
}

/** The runtime's port of the same name, in this room's words. */
export interface SpecSource {
  /** Loads everything once, then watches until the signal; `changed` is told the keys whose desired state may differ. */
  start(signal: AbortSignal, changed: (keys: readonly Key[]) => void): Promise<void>;
  /** Looks at the files again now. Never rejects. Works without `start` as well. */
  reload(): Promise<void>;
  keys(): readonly Key[];
  /** When the object was first read by this controller. */
  arrival(key: Key): Arrival | undefined;
  desiredProject(name: string): Desired;
  agentClass(name: string): AgentClass | undefined;
  project(name: string): Project | undefined;
  message(name: string): Message | undefined;
  queue(name: string): Queue | undefined;
  gitSource(name: string): GitSource | undefined;
  alert(name: string): Alert | undefined;
  /** The last good objects that came from a GitSource, with their files. */
  objectsOf(source: string): readonly { readonly path: string; readonly object: Manifest }[];
  /** Absolute; where the relative paths of an object start from. */
  folderOf(key: Key): string | undefined;
  problems(): readonly Problem[];
}

/** Of so many new files what they need is looked at before they count; more take longer to be taken up than that would last. */
const FEW = 3;
/** A missing directory notifies nobody of its return. Milliseconds. */
const MISSING_POLL_MS = 1000;

export function createSpecSource(options: SpecSourceOptions): SpecSource {
  const { clock, listener } = options;
  const directory = resolve(options.directory);
  const files = createSpecFiles({ directory: options.directory, allowInsecure: options.allowInsecure ?? false }, clock);
  const checkout = createQuietCheckout(directory, clock);
  const sources = createSources(options.state, options.revisions ?? createRevisionReader(), options.followed);
  const recordFailed = (path: string, error: unknown) => listener?.recordFailed?.(path, error);
  const records = createAppliedRecords(options.state, recordFailed, options.scribe);
  const vanished = createVanishedRecords(options.state, recordFailed);

  let tracking: Tracking | undefined;
  let arrivals: Arrivals = new Map();
  let presets: Presets = { entries: new Map(), problems: [] };
  let problems: readonly Problem[] = [];
  let classes: ReadonlyMap<string, AgentClass> = new Map();
  let roles: ReadonlyMap<string, KnownRole> = new Map();
  const desired = new Map<string, Desired>();
  const describe = createDescriptions({ directory, state: options.state, home: options.home ?? homedir() });
  let follower: Follower | undefined;
  let isOver = false;
  let cancelTimer: (() => void) | undefined;

  const mayGoOn = async (): Promise<boolean> => !isOver && (await options.mayAct?.()) !== false;

  const begin = (): Tracking => {
    presets = readPresets(options.presets);
    return beginTracking(records.load());
  };

  const load = async (): Promise<void> => {
    const began = clock.now();
    const isFirst = tracking === undefined;
    const before = tracking ?? begin();
    const lookAtFiles = () => files.look(before.lastGood);
    // Who only reads, once, is not kept waiting by a lock that nobody may ever take away.
    const look = await (options.readOnly === true ? lookAtFiles() : checkout.during(lookAtFiles));
    const { scan } = look;
    const fetched = await sources.look({ lastGood: before.lastGood, files: look.files, now: clock.now() });
    const folded = fold({
      closed: [...scan.closed, ...fetched.closed],
      files: [...look.files, ...fetched.files],
      lastGood: before.lastGood,
      presets: presets.entries,
      waiting: new Set(fetched.waiting.map(({ key }) => key)),
      unsure: fetched.unsure,
    });
    // Who took the lock from us keeps records of its own.
    if (options.mayAct !== undefined && !(await options.mayAct())) return;
    const ended = clock.now();
    const next = advance(before, folded, { began, ended });
    tracking = next.tracking;
    arrivals = noteArrivals(arrivals, tracking, ended);
    problems = [...presets.problems, ...scan.problems, ...fetched.problems, ...folded.problems].sort(byPlace);
    const changed = isFirst ? [...tracking.sightings.keys()] : withDependents(next.changed, tracking);
    if (changed.length > 0) {
      // What else is wanted stays as it was worked out: of hundreds, one has changed.
      if (isFirst || changed.some(isShared)) {
        desired.clear();
        classes = classesOf(tracking);
        roles = rolesOf(tracking, (source) => placeOf(source, { directory: options.directory, state: options.state }));
      }
      for (const key of changed) desired.delete(nameOf(key));
      if (follower !== undefined) {
        follower.changed(changed);
        // Whoever was told begins now, and what is left here is done while tmux answers.
        if (!isFirst) await (options.giveWay ?? setImmediate)();
      }
    }
    listener?.loaded?.({
      duration: ended - began,
      files: look.files.length + fetched.files.length,
      objects: tracking.wanted.size,
      changed,
      problems,
    });
    follower?.watch.follow([...new Set(scan.files.map(({ path }) => dirname(path)))]);
    const waits = [
      confirmIn(tracking, ended),
      look.lookAgainInMs,
      fetched.lookAgainInMs,
      scan.readable ? undefined : MISSING_POLL_MS,
    ];
    lookAgainIn(waits.filter((wait) => wait !== undefined));
    if (options.readOnly !== true) {
      vanished.save(fetched.waiting, {
        before: before.lastGood,
        after: tracking.lastGood,
        isThere: (key) => folded.claimed.has(key),
        now: ended,
      });
      await records.save(recordsOf(tracking), mayGoOn);
    }
  };
  const reload = singleFlight(load);

  const lookAgainIn = (waits: readonly number[]) => {
    cancelTimer?.();
    cancelTimer = undefined;
    // Without a follower nobody would hear of what the later look finds.
    if (waits.length === 0 || follower === undefined) return;
    cancelTimer = clock.after(Math.min(...waits), () => void reload());
  };

  /** What a load will ask of new files is worked out while their writer may still be at work; where that fails, it is the load that tells. */
  const prepare = async () => {
    listener?.changing?.();
    const fresh = await files.prepare();
    for (const { source, result } of fresh) {
      for (const { kind, name, object } of result.objects) {
        const entry = entryOf(keyOf(kind, name), source, object);
        if (kind !== 'Project' || tracking === undefined) continue;
        const wanted = describe(entry, { tracking, classes, roles });
        if (fresh.length <= FEW) listener?.expected?.(wanted);
      }
    }
  };

  return {
    async start(signal, changed) {
      const { watch, stop } = createWatch(options, {
        run: () => void reload(),
        prepare: () => void prepare().catch(() => undefined),
      });
      follower = { changed, watch };
      signal.addEventListener('abort', () => {
        follower = undefined;
        isOver = true;
        cancelTimer?.();
        stop();
      });
      // Before the first look, so that nothing falls between the two.
      watch.follow([]);
      await reload();
      if (signal.aborted) stop();
    },
    reload,
    keys: () => [...(tracking?.wanted.keys() ?? [])],
    arrival: (key) => arrivals.get(key),
    desiredProject(name) {
      const key = keyOf('Project', name);
      const entry = tracking?.wanted.get(key);
      if (tracking === undefined || entry === undefined) {
        return { type: 'Absent', confirmed: tracking !== undefined && isGone(tracking, key) };
      }
      const known = desired.get(name) ?? describe(entry, { tracking, classes, roles });
      desired.set(name, known);
      return known;
    },
    agentClass: (name) => classes.get(name),
    project: (name) => tracking?.wanted.get(keyOf('Project', name))?.object as Project | undefined,
    message: (name) => tracking?.wanted.get(keyOf('Message', name))?.object as Message | undefined,
    queue: (name) => tracking?.wanted.get(keyOf('Queue', name))?.object as Queue | undefined,
    alert: (name) => tracking?.wanted.get(keyOf('Alert', name))?.object as Alert | undefined,
    gitSource: (name) => tracking?.wanted.get(keyOf('GitSource', name))?.object as GitSource | undefined,
    objectsOf(name) {
      return [...(tracking?.lastGood.values() ?? [])].flatMap(({ object, source = '' }) => {
        const from = parseSourcePath(source);
        return from?.name === name ? [{ path: from.path, object }] : [];
      });
    },
    folderOf(key) {
      const source = tracking?.wanted.get(key)?.source;
      return source === undefined ? undefined : dirname(placeOf(source, { directory, state: options.state }));
    },
    problems: () => problems,
  };
}

interface Follower {
  readonly changed: (keys: readonly Key[]) => void;
  readonly watch: { follow(folders: readonly string[]): void };
}

function createWatch({ directory, clock, listener }: SpecSourceOptions, steps: CoalescerSteps) {
  const coalescer = createCoalescer(clock, steps);
  const failed = (error: unknown) => listener?.watchFailed?.(error);
  const watch = watchDirectory({ directory, hint: coalescer.hint, echo: coalescer.echo, failed });
  const stop = () => {
    coalescer.cancel();
    watch.close().catch(failed);
  };
  return { watch, stop };
}

function recordsOf({ lastGood, sightings }: Tracking): ReadonlyMap<Key, AppliedRecord> {
  return new Map([...lastGood].map(([key, entry]) => [key, { entry, seenAt: sightings.get(key)?.since ?? 0 }]));
}
