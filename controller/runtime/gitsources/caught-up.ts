import type { LookOutcome } from '../../api/git-revision.ts';

export interface CaughtUp {
  /** A look at a source that began then has had its effect; milliseconds since the epoch. */
  seen(name: string, began: number, outcome: LookOutcome['type']): void;
  /**
   * Whether each source was looked at since, but for one of them: what vanished there is not brought back by it. Those
   * that were not are asked for.
   */
  areLookedAt(since: number, but: string | undefined): boolean;
}

export interface CaughtUpOptions {
  /** Those that are looked at at all: not suspended, and not kept waiting by others. */
  readonly followed: () => readonly string[];
  readonly ask: (name: string) => void;
  readonly now: () => number;
}

/**
 * Knows how far what was fetched has caught up with what is in the repositories: specs that are moved from one place to
 * another are nowhere, by the files, until the other place was looked at.
 */
export function createCaughtUp({ followed, ask, now }: CaughtUpOptions): CaughtUp {
  const last = new Map<string, number>();
  /** Since when each was asked for: once is enough. */
  const asked = new Map<string, number>();
  /** What lies ahead was noted before the clock was set back: it says nothing. */
  const isSince = (at: number | undefined, since: number): boolean => at !== undefined && at >= since && at <= now();

  return {
    seen(name, began, outcome) {
      // What a server did not give, or what was refused, may hold what is missed.
      if (outcome === 'Taken') last.set(name, began);
    },
    areLookedAt(since, but) {
      const behind = followed().filter((name) => name !== but && !isSince(last.get(name), since));
      for (const name of behind) {
        if (isSince(asked.get(name), since)) continue;
        asked.set(name, since);
        ask(name);
      }
      return behind.length === 0;
    },
  };
}
