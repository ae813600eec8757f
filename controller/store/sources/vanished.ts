import { type Key, keyOf, kindOf } from '../../api/key.ts';
import { parseSourcePath } from '../../api/source-path.ts';
import type { Entry, ReadFile } from '../specs/fold.ts';

/** Whoever looks at the repositories, as far as what is here waits for it. */
export interface Followed {
  /** Whether each was looked at since, but for one; has those looked at that were not. */
  areLookedAt(since: number, but: string | undefined): boolean;
}

/** So long at most what has vanished is waited for, in milliseconds: a server may be down. */
const WAIT_MS = 60_000;

export interface Held {
  /** The files that it stood in: what came from there stays. */
  readonly sources: readonly string[];
  /** Milliseconds until nothing is waited for any more. */
  readonly holdMs: number;
}

/**
 * What has vanished from its place may have been moved to a repository, and pushed, and not been fetched yet. So it is
 * gone only once each repository that is followed was looked at since; its own need not be.
 */
export function createVanished(followed: Followed | undefined) {
  const since = new Map<Key, number>();

  return {
    look({
      lastGood,
      files,
      now,
    }: {
      readonly lastGood: ReadonlyMap<Key, Entry>;
      readonly files: readonly ReadFile[];
      readonly now: number;
    }): Held {
      if (followed === undefined) return { sources: [], holdMs: 0 };
      const there = new Set(files.flatMap(({ result }) => result.places.map(({ kind, name }) => keyOf(kind, name))));
      for (const key of since.keys()) if (there.has(key) || !lastGood.has(key)) since.delete(key);
      const sources: string[] = [];
      let holdMs = 0;
      for (const [key, { source }] of lastGood) {
        // GitSources stand in specs/ alone.
        if (source === undefined || there.has(key) || kindOf(key) === 'GitSource') continue;
        const began = Math.min(since.get(key) ?? now, now);
        since.set(key, began);
        const left = began + WAIT_MS - now;
        if (left <= 0 || followed.areLookedAt(began, parseSourcePath(source)?.name)) continue;
        sources.push(source);
        holdMs = Math.max(holdMs, left);
      }
      return { sources, holdMs };
    },
  };
}
