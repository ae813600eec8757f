import type { Key } from '../../api/key.ts';
import { parseSourcePath } from '../../api/source-path.ts';
import type { Entry, Folded } from './fold.ts';
import { ABSENT, CONFIRM_MS, type LookTimes, lookAgain, type Sighting } from './sightings.ts';

/** What all looks so far have taught. A plain value: `advance` makes the next one. */
export interface Tracking {
  readonly wanted: ReadonlyMap<Key, Entry>;
  /** What to fall back on: the last confirmed version, or the first one of a new object, until its absence is confirmed. */
  readonly lastGood: ReadonlyMap<Key, Entry>;
  readonly sightings: ReadonlyMap<Key, Sighting>;
  /** The absence of every object that was never seen; undefined while some file may hold anything. */
  readonly strangers: Sighting | undefined;
}

/** A file holds the object, but no version of it was ever good. */
const CLAIMED = 'claimed';

/** Where a controller begins that left these records behind: its own look then and the first one now can agree. */
export function beginTracking(records: Iterable<{ readonly entry: Entry; readonly seenAt: number }>): Tracking {
  const lastGood = new Map<Key, Entry>();
  const sightings = new Map<Key, Sighting>();
  for (const { entry, seenAt } of records) {
    lastGood.set(entry.key, entry);
    sightings.set(entry.key, { content: entry.hash, since: seenAt, confirmed: false });
  }
  return { wanted: new Map(), lastGood, sightings, strangers: undefined };
}

/** Takes in one more look. Pure. `changed` holds the keys whose content, absence or confirmation differs. */
export function advance(
  tracking: Tracking,
  folded: Folded,
  times: LookTimes,
): { readonly tracking: Tracking; readonly changed: ReadonlySet<Key> } {
  const lastGood = new Map(tracking.lastGood);
  const sightings = new Map<Key, Sighting>();
  const changed = new Set<Key>();
  for (const key of new Set([...tracking.sightings.keys(), ...folded.wanted.keys(), ...folded.claimed])) {
    const entry = folded.wanted.get(key);
    const content = entry?.hash ?? (folded.claimed.has(key) ? CLAIMED : ABSENT);
    const before = tracking.sightings.get(key);
    const isWhole = isFromSource(entry) || (before === undefined && isPreset(entry));
    const sighting = isWhole ? settled(content, before) : lookAgain(before, content, times);
    sightings.set(key, sighting);
    if (before?.content !== sighting.content || before.confirmed !== sighting.confirmed) changed.add(key);
    remember(lastGood, key, { entry, sighting });
  }
  const strangers = folded.complete ? lookAgain(tracking.strangers, ABSENT, times) : undefined;
  return { tracking: { wanted: folded.wanted, lastGood, sightings, strangers }, changed };
}

interface Seen {
  readonly entry: Entry | undefined;
  readonly sighting: Sighting;
}

function remember(lastGood: Map<Key, Entry>, key: Key, { entry, sighting }: Seen): void {
  const before = lastGood.get(key);
  if (entry !== undefined && !isPreset(entry)) {
    // A changed version may be half of what is being written: until it is confirmed, the one before is the good one.
    if (before === undefined || before.hash === entry.hash || sighting.confirmed) lastGood.set(key, entry);
  } else if (sighting.confirmed && sighting.content !== CLAIMED) {
    lastGood.delete(key);
  }
}

/** Presets come with the program, and revisions of a GitSource are taken as a whole: nobody is half way through writing. */
function settled(content: string, before: Sighting | undefined): Sighting {
  return before?.content === content && before.confirmed ? before : { content, since: 0, confirmed: true };
}

function isFromSource(entry: Entry | undefined): boolean {
  return entry?.source !== undefined && parseSourcePath(entry.source) !== undefined;
}

function isPreset(entry: Entry | undefined): boolean {
  return entry !== undefined && entry.source === undefined;
}

/** Milliseconds until a look can confirm something; undefined if nothing waits for that. */
export function confirmIn({ sightings, strangers }: Tracking, now: number): number | undefined {
  let wait: number | undefined;
  const consider = ({ content, since, confirmed }: Sighting) => {
    if (confirmed || content === CLAIMED) return;
    const due = Math.min(Math.max(since + CONFIRM_MS - now, 1), CONFIRM_MS);
    wait = Math.min(wait ?? due, due);
  };
  for (const sighting of sightings.values()) consider(sighting);
  if (strangers !== undefined) consider(strangers);
  return wait;
}

/** Whether it is certain that no file holds the object. */
export function isGone({ sightings, strangers }: Tracking, key: Key): boolean {
  const sighting = sightings.get(key) ?? strangers;
  return sighting !== undefined && sighting.content === ABSENT && sighting.confirmed;
}

/** Whether two looks agree on what the object is. */
export function isConfirmed({ sightings }: Tracking, key: Key): boolean {
  return sightings.get(key)?.confirmed ?? false;
}
