import type { Look, MarkedProcess } from '../api/observed.ts';
import { type Census, takeCensus } from './census.ts';
import { createKnownMarks } from './known-marks.ts';
import { followNumbering, type NewlyNumbered } from './newly-numbered.ts';
import type { ProcessTable } from './process-table.ts';

export interface MarkedProcessEyes {
  /** All processes that belong to agents of the project, by a look that began at most so many milliseconds ago. */
  look(uid: string, maxAgeMs: number): Promise<Look<readonly MarkedProcess[]>>;
  /** All processes that bear anybody's mark. */
  all(): Promise<Look<readonly MarkedProcess[]>>;
}

/** What a walk through the whole table found, as it is kept up since. */
interface Walk {
  readonly census: Census;
  /** Who has begun since; undefined where the system does not say. */
  readonly begun: NewlyNumbered | undefined;
  /** Until when it knows of those. */
  knownAt: number;
  /** When those were last looked at of whom it is not certain whose they are. */
  youngAt: number;
}

interface Begun {
  readonly startedAt: number;
  /** Undefined: the table could not be read. */
  readonly walk: Promise<Walk | undefined>;
}

/**
 * Looks at all processes at once for everybody who asks: the walk through the table is the costly part. Where the system
 * tells who has begun since, one walk serves for as long as that can be told.
 */
export function createMarkedProcessEyes(
  table: ProcessTable,
  /** A clock that nobody can set. */
  now: () => number,
  /** Processes that are never an agent's, whatever their environment says: ourselves and our tmux servers. */
  spared: () => ReadonlySet<number>,
): MarkedProcessEyes {
  const marks = createKnownMarks(table, now);
  let latest: Begun | undefined;

  async function walk(startedAt: number): Promise<Walk | undefined> {
    // From before the walk: who begins during it is looked at once more.
    const begun = followNumbering(table, now);
    const processes = await table.all();
    if (processes === undefined) return undefined;
    return { census: takeCensus(processes, { table, marks, spared }), begun, knownAt: startedAt, youngAt: startedAt };
  }

  function walkAnew(): Begun {
    const startedAt = now();
    const begun = { startedAt, walk: walk(startedAt) };
    latest = begun;
    return begun;
  }

  /** Whether the walk knows of all who had begun at that moment. Those who ask together are answered by one look. */
  function catchUp(walked: Walk, { at, maxAgeMs }: Moment): boolean {
    if (walked.knownAt > at - maxAgeMs) return true;
    const begun = walked.begun?.sinceLastTime();
    if (begun === undefined) return false;
    walked.census.add(begun);
    walked.knownAt = at;
    return true;
  }

  /** Whether the walk could be brought up to what is so of the project. */
  function keepUp(walked: Walk, uid: string, moment: Moment): boolean {
    if (!catchUp(walked, moment)) return false;
    const { at, maxAgeMs } = moment;
    const alsoYoung = walked.youngAt <= at - maxAgeMs;
    walked.census.lookAt(uid, alsoYoung);
    if (alsoYoung) walked.youngAt = at;
    return true;
  }

  /** @returns the walk, and from when it tells of the project. */
  async function lookFor(uid: string, moment: Moment): Promise<{ walked: Walk | undefined; at: number }> {
    const isNew = ({ startedAt }: Begun): boolean => startedAt >= moment.at - moment.maxAgeMs;
    const before = latest;
    if (before !== undefined && !isNew(before)) {
      const walked = await before.walk;
      if (walked !== undefined && keepUp(walked, uid, moment)) return { walked, at: walked.knownAt };
    }
    // Somebody else may have begun one meanwhile.
    const begun = latest !== undefined && isNew(latest) ? latest : walkAnew();
    return { walked: await begun.walk, at: begun.startedAt };
  }

  function known(found: readonly MarkedProcess[] | undefined, at: number): Look<readonly MarkedProcess[]> {
    if (found !== undefined) return { state: 'Known', at, value: found };
    const message = 'the process table could not be read';
    return { state: 'Unknown', at, reason: 'ProcessesUnreadable', message };
  }

  return {
    async look(uid, maxAgeMs) {
      const { walked, at } = await lookFor(uid, { at: now(), maxAgeMs });
      return known(walked?.census.of(uid), at);
    },
    async all() {
      const { startedAt, walk: begun } = walkAnew();
      return known((await begun)?.census.all(), startedAt);
    },
  };
}

/** When somebody asks, and how old what he is told may be. Milliseconds. */
interface Moment {
  readonly at: number;
  readonly maxAgeMs: number;
}
