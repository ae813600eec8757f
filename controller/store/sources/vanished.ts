import { type Key, keyOf, kindOf } from '../../api/key.ts';
import { parseSourcePath } from '../../api/source-path.ts';
import type { Entry, ReadFile } from '../specs/fold.ts';
import { isMarkedDeleted } from './deletions.ts';
import { readWaiting, type Waiting } from './waiting-file.ts';

/** Whoever looks at the repositories, as far as what is here waits for it. */
export interface Followed {
  /**
   * Those that were not looked at since, but for one, and has them looked at. Undefined: which ones are followed is not
   * known yet.
   */
  behind(since: number, but: string | undefined): readonly string[] | undefined;
}

/** So long at most what has vanished is waited for, in milliseconds: a server may be down. */
const WAIT_MS = 60_000;
/**
 * So long at least it is waited for by whoever has just begun to look, or has been away: the machine slept, or the clock
 * was set forward. What passed in between was no time in which anybody answered. In milliseconds.
 */
const CHANCE_MS = 10_000;
/** Who waits looks every few seconds; after a pause as long as this, in milliseconds, he was away. */
const AWAY_MS = 20_000;
/** So soon it is known which repositories are followed, in milliseconds. */
const SOON_MS = 300;

export interface VanishedInput {
  readonly lastGood: ReadonlyMap<Key, Entry>;
  /** All that is in force. */
  readonly files: readonly ReadFile[];
  readonly now: number;
  /** GitSources of which nothing is in force yet, and until when they are waited for. */
  readonly newcomers: ReadonlyMap<string, number>;
  /** Whose repository holds the object, although not in force from there. */
  readonly ahead: ReadonlyMap<Key, string>;
  /** What the last look at a repository came to, if it did not end well. */
  readonly reason: (source: string) => string | undefined;
}

/**
 * What has vanished from its place may have been moved to a repository, and pushed, and not been fetched yet. So it is
 * gone only once each repository that is followed was looked at since; its own need not be. What somebody asked to be
 * removed is waited for by nobody.
 *
 * @param followed absent for whoever only reads: then what the controller has written down counts
 */
export function createVanished(state: string, followed: Followed | undefined) {
  const since = new Map<Key, number>();
  let moved: ReadonlySet<Key> = new Set();
  let lastLook = Number.NEGATIVE_INFINITY;
  let hereSince = lastLook;
  if (followed !== undefined) for (const one of readWaiting(state)) since.set(one.key, one.since);

  function judge(key: Key, source: string, input: VanishedInput): Waiting | undefined {
    const { now, newcomers, ahead, reason } = input;
    const movedTo = ahead.get(key);
    if (movedTo === undefined && moved.has(key)) since.delete(key);
    const began = Math.min(since.get(key) ?? now, now);
    since.set(key, began);
    const about = { key, source, since: began };
    if (movedTo !== undefined) return { ...about, movedTo, reasons: [reason(movedTo) ?? []].flat() };
    const end = Math.max(began + WAIT_MS, hereSince + CHANCE_MS);
    const isInTime = end > now;
    const behind = isInTime ? followed?.behind(began, parseSourcePath(source)?.name) : [];
    if (isInTime && followed !== undefined && behind === undefined)
      return { ...about, until: now + SOON_MS, reasons: [] };
    const names = [...new Set([...newcomers.keys(), ...(behind ?? [])])];
    if (names.length === 0) return undefined;
    const until = Math.max(...newcomers.values(), ...(behind?.length ? [end] : []));
    return { ...about, until, reasons: names.map((name) => `gitsource/${name}: ${reason(name) ?? 'no answer yet'}`) };
  }

  /** What waits; what is not among it is gone, as far as the repositories are concerned. */
  return function look(input: VanishedInput): readonly Waiting[] {
    const { lastGood, files, now } = input;
    if (Math.abs(now - lastLook) >= AWAY_MS) hereSince = now;
    lastLook = now;
    hereSince = Math.min(hereSince, now);
    const there = new Set(files.flatMap(({ result }) => result.places.map(({ kind, name }) => keyOf(kind, name))));
    for (const key of since.keys()) if (there.has(key) || !lastGood.has(key)) since.delete(key);
    const recorded = new Map(followed === undefined ? readWaiting(state).map((one) => [one.key, one]) : []);
    const waiting: Waiting[] = [];
    for (const [key, { source }] of lastGood) {
      // GitSources stand in specs/ alone.
      if (source === undefined || there.has(key) || kindOf(key) === 'GitSource') continue;
      if (isMarkedDeleted(state, key)) continue;
      const known = recorded.get(key);
      const isOpen = known !== undefined && (known.movedTo !== undefined || (known.until ?? 0) > now);
      const one = isOpen ? known : judge(key, source, input);
      if (one !== undefined) waiting.push(one);
    }
    moved = new Set(waiting.flatMap(({ key, movedTo }) => (movedTo === undefined ? [] : [key])));
    return waiting;
  };
}
