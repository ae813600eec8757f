export interface CaughtUp {
  /** The last look at a source that has had its effect began then; milliseconds since the epoch. */
  seen(name: string, began: number): void;
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
}

/**
 * Knows how far what was fetched has caught up with what is in the repositories: specs that are moved from one place to
 * another are nowhere, by the files, until the other place was looked at.
 */
export function createCaughtUp({ followed, ask }: CaughtUpOptions): CaughtUp {
  const last = new Map<string, number>();
  /** Since when each was asked for: once is enough. */
  const asked = new Map<string, number>();

  return {
    seen(name, began) {
      last.set(name, began);
    },
    areLookedAt(since, but) {
      const behind = followed().filter((name) => name !== but && (last.get(name) ?? 0) < since);
      for (const name of behind) {
        if ((asked.get(name) ?? 0) >= since) continue;
        asked.set(name, since);
        ask(name);
      }
      return behind.length === 0;
    },
  };
}
