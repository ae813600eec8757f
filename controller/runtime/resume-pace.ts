import type { AgentStatus } from '../api/generated/all.ts';
import type { Key } from '../api/key.ts';
import { runStartedAt } from '../api/observed.ts';

/** After a reboot: brings projects back a few at a time, so that a machine that has just come up stays usable. */
export interface ResumePace {
  /** Milliseconds until the session of a project with these agents may be made; 0: now. */
  wait(key: Key, agents: readonly Pick<AgentStatus, 'run'>[]): number;
  made(key: Key): void;
  /** It is ready, or does not get any further: the next one's turn comes. */
  done(key: Key): void;
}

export interface ResumePaceOptions {
  /** Runs that began before belong to an earlier boot, milliseconds since the epoch; undefined: there was no reboot. */
  readonly rebootedAt: number | undefined;
  /** A clock that nobody can set. */
  readonly now: () => number;
  readonly random: () => number;
}

const AT_ONCE = 2;
/** Between one that is done and the next one's start, at most; milliseconds. */
const JITTER_MS = 1000;
/** So long one may take before it keeps nobody waiting any more, in milliseconds. */
const LONGEST_MS = 60_000;
const LOOK_MS = 250;

export function createResumePace({ rebootedAt, now, random }: ResumePaceOptions): ResumePace {
  const underway = new Map<Key, number>();
  let freeAt = 0;

  return {
    wait(key, agents) {
      if (rebootedAt === undefined || underway.has(key) || !isFromBefore(agents, rebootedAt)) return 0;
      for (const [other, since] of underway) if (now() - since >= LONGEST_MS) underway.delete(other);
      if (underway.size >= AT_ONCE) return LOOK_MS * (1 + random());
      return Math.max(0, freeAt - now());
    },
    made(key) {
      if (rebootedAt !== undefined) underway.set(key, now());
    },
    done(key) {
      if (underway.delete(key)) freeAt = now() + random() * JITTER_MS;
    },
  };
}

function isFromBefore(agents: readonly Pick<AgentStatus, 'run'>[], rebootedAt: number): boolean {
  const starts = agents.flatMap(({ run }) =>
    run === undefined ? [] : [runStartedAt(run) ?? Number.POSITIVE_INFINITY],
  );
  return starts.length > 0 && starts.every((start) => start < rebootedAt);
}
