/**
 * Looks at everything at once, on a slow timer of its own: counts what does not agree, has projects look at processes of
 * theirs that lost their pane, and ends orphans of this controller after their grace. Nothing follows from one look
 * alone, nor from one that failed.
 */
import type { EventNote } from '../../api/decision.ts';
import { type Leftover, type Mismatch, mismatchKey, type World } from '../../api/world.ts';

export interface LeftoverKeeperOptions {
  readonly clock: {
    /** A clock that nobody can set. */
    steady(): number;
    after(ms: number, callback: () => void): () => void;
  };
  readonly look: () => Promise<World>;
  readonly findLeftovers: (world: World) => readonly Leftover[];
  readonly audit: (world: World, leftovers: readonly Leftover[]) => readonly Mismatch[];
  /** What has been seen as an orphan for so long is ended; milliseconds. */
  readonly graceMs: number;
  /** For how long orphans have been seen, over the lives of controllers, in milliseconds. */
  readonly ages: {
    read(): ReadonlyMap<string, number>;
    write(ages: ReadonlyMap<string, number>): void;
  };
  /** Whether everything was looked at since the start, and we lead. */
  readonly mayAct: () => Promise<boolean>;
  readonly onMismatches: (mismatches: readonly Mismatch[]) => void;
  /** The project has processes without a pane: it is to look at them. */
  readonly onZombie: (project: string, uid: string) => void;
  /** Whether it still is no object's, as far as specs and records say. */
  readonly isNobodys: (orphan: Leftover) => boolean;
  /** Begins to end an orphan; each call of what it gives goes one step further, and says whether nothing is left. */
  readonly end: (orphan: Leftover) => () => Promise<boolean>;
  readonly record: (project: string, uid: string, note: EventNote) => void;
  readonly onError: (error: unknown) => void;
}

export interface LeftoverKeeper {
  /** Looks again and again until the signal. */
  start(signal: AbortSignal): void;
  /** Whether processes of this uid were seen without a pane, twice in a row, at the last look. */
  isZombie(uid: string): boolean;
}

const LOOK_MS = { least: 250, most: 60_000 } as const;
/** Milliseconds between two steps of an ending. */
const STEP_MS = 300;

export function createLeftoverKeeper(options: LeftoverKeeperOptions): LeftoverKeeper {
  const { clock, graceMs } = options;
  const everyMs = Math.min(LOOK_MS.most, Math.max(LOOK_MS.least, graceMs / 4));
  let before: ReadonlySet<string> = new Set();
  let zombies: ReadonlySet<string> = new Set();
  /** For how long an orphan has been seen, the times in which nobody looked not counted. */
  let ages: Map<string, number> | undefined;
  let lookedAt: number | undefined;
  const ending = new Set<string>();

  async function tick(signal: AbortSignal): Promise<void> {
    if (!(await options.mayAct())) return;
    const world = await options.look();
    const leftovers = options.findLeftovers(world);
    const mismatches = options.audit(world, leftovers);
    const found = new Set([...mismatches.map(mismatchKey), ...leftovers.map(leftoverKey)]);
    options.onMismatches(mismatches.filter((mismatch) => before.has(mismatchKey(mismatch))));
    const agreed = leftovers.filter((leftover) => before.has(leftoverKey(leftover)));
    before = found;
    grow(orphansOf(leftovers));
    const lost = agreed.filter(({ type, ownership }) => type === 'Zombie' && ownership !== 'Others');
    zombies = new Set(lost.map(({ uid }) => uid));
    for (const { project, uid } of lost) options.onZombie(project, uid);
    if (world.specsUnsure) return;
    for (const orphan of orphansOf(agreed)) if (isOld(orphan)) beginEnding(orphan, signal);
  }

  function grow(orphans: readonly Leftover[]): void {
    const isFirst = ages === undefined;
    const known = ages ?? options.ages.read();
    const now = clock.steady();
    const passed = now - (lookedAt ?? now);
    lookedAt = now;
    const age = (uid: string): number => {
      const before = known.get(uid);
      return before === undefined ? 0 : before + passed;
    };
    ages = new Map(orphans.map(({ uid }) => [uid, age(uid)]));
    if (ages.size === 0 && known.size === 0 && !isFirst) return;
    try {
      options.ages.write(ages);
    } catch (error) {
      // It then counts in this life alone.
      options.onError(error);
    }
  }

  /**
   * By how long it has been an orphan, not by how long it has run: what has worked for days is what a person would least
   * like to lose to a state directory or specs that are not where they should be for a while.
   */
  function isOld({ uid }: Leftover): boolean {
    return (ages?.get(uid) ?? 0) >= graceMs;
  }

  function beginEnding(orphan: Leftover, signal: AbortSignal): void {
    const { uid, project, ownership } = orphan;
    // Whose mark it bears is never guessed.
    if (ownership !== 'Ours' || ending.has(uid)) return;
    ending.add(uid);
    const message = `${describe(orphan)} of ${uid} with this controller's mark, and no object: it is ended`;
    options.record(project, uid, { type: 'Warning', reason: 'Orphaned', message });
    const step = options.end(orphan);
    const next = (): void => {
      if (signal.aborted || ages?.has(uid) !== true) {
        ending.delete(uid);
        return;
      }
      clock.after(STEP_MS, () => {
        attempt(async () => {
          if (!(await options.mayAct())) return;
          // Declared meanwhile, it is its project's again: there is no time to wait for the next look.
          if (!options.isNobodys(orphan) || (await step())) ages?.delete(uid);
        }, next);
      });
    };
    next();
  }

  function attempt(action: () => Promise<void>, then: () => void): void {
    action().catch(options.onError).finally(then).catch(options.onError);
  }

  return {
    isZombie: (uid) => zombies.has(uid),
    start(signal) {
      const next = (): void => {
        const cancel = clock.after(everyMs, () => {
          signal.removeEventListener('abort', cancel);
          if (!signal.aborted) attempt(() => tick(signal), next);
        });
        signal.addEventListener('abort', cancel, { once: true });
      };
      next();
    },
  };
}

function orphansOf(leftovers: readonly Leftover[]): readonly Leftover[] {
  return leftovers.filter(({ type }) => type === 'Orphan');
}

/** The same thing, or the same kind of disagreement, in two looks. */
function leftoverKey({ type, uid, processes, sessions }: Leftover): string {
  // A run that is seen only once was on its way to its end; its processes come and go.
  const runs = [...new Set(processes.map(({ run }) => run))].sort();
  const things = type === 'Zombie' ? runs : sessions.length;
  return `leftover ${type} ${uid} ${String(things)}`;
}

function describe({ sessions, panes, processes }: Leftover): string {
  const count = (many: number, what: string): string[] =>
    many === 0 ? [] : [`${many} ${many === 1 ? what : `${what}${what.endsWith('s') ? 'es' : 's'}`}`];
  return [
    ...count(sessions.length, 'session'),
    ...count(panes.length, 'pane'),
    ...count(processes.length, 'process'),
  ].join(', ');
}
