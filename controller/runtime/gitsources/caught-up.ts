import type { LookOutcome } from '../../api/git-revision.ts';

export interface CaughtUp {
  /** A look at a source that began then has had its effect; milliseconds since the epoch. */
  seen(name: string, began: number, outcome: LookOutcome['type']): void;
  /**
   * The sources that were not looked at since, but for one of them: what vanished there is not brought back by it. They
   * are asked for. Undefined: which sources there are is not known yet.
   */
  behind(since: number, but: string | undefined): readonly string[] | undefined;
}

export interface CaughtUpSource {
  readonly name: string;
  /** Why nothing of it is taken now: it is suspended, or others keep it waiting. */
  readonly rests: 'Suspended' | 'Unmet' | undefined;
}

export interface CaughtUpOptions {
  readonly sources: () => readonly CaughtUpSource[] | undefined;
  readonly ask: (name: string) => void;
  /** Looks what a source holds, without taking it; false: not now. */
  readonly peek: (name: string, done: (outcome: 'Seen' | 'NotSeen') => void) => boolean;
  readonly now: () => number;
}

interface Peek {
  readonly began: number;
  readonly state: 'Running' | 'Seen' | 'NotSeen';
}

/** Between two looks at one that is not followed now, in milliseconds. */
const PEEK_AGAIN_MS = 10_000;

/**
 * Knows how far what was fetched has caught up with what is in the repositories: specs that are moved from one place to
 * another are nowhere, by the files, until the other place was looked at.
 */
export function createCaughtUp({ sources, ask, peek, now }: CaughtUpOptions): CaughtUp {
  const last = new Map<string, number>();
  /** Since when each was asked for: once is enough. */
  const asked = new Map<string, number>();
  const peeks = new Map<string, Peek>();
  /** What lies ahead was noted before the clock was set back: it says nothing. */
  const isSince = (at: number | undefined, since: number): boolean => at !== undefined && at >= since && at <= now();

  function isFollowedUp(name: string, since: number): boolean {
    if (isSince(last.get(name), since)) return true;
    if (isSince(asked.get(name), since)) return false;
    asked.set(name, since);
    ask(name);
    return false;
  }

  /** Once is enough where it is suspended, whatever comes of it: nobody waits for that server. */
  function isPeekedAt(name: string, since: number, rests: 'Suspended' | 'Unmet'): boolean {
    const known = peeks.get(name);
    if (known?.state === 'Running') return false;
    const isTried = isSince(known?.began, since);
    if (isTried && (known?.state === 'Seen' || rests === 'Suspended')) return true;
    if (isTried && now() - (known?.began ?? 0) < PEEK_AGAIN_MS) return false;
    const began = now();
    const isBegun = peek(name, (state) => void peeks.set(name, { began, state }));
    if (isBegun) peeks.set(name, { began, state: 'Running' });
    return false;
  }

  return {
    seen(name, began, outcome) {
      // What a server did not give, or what was refused, may hold what is missed.
      if (outcome === 'Taken') last.set(name, began);
    },
    behind(since, but) {
      return sources()
        ?.filter(({ name, rests }) => {
          if (name === but) return false;
          return !(rests === undefined ? isFollowedUp(name, since) : isPeekedAt(name, since, rests));
        })
        .map(({ name }) => name);
    },
  };
}
