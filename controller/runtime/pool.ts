import type { Key } from '../api/key.ts';
import type { WorkQueue } from '../queue/work-queue.ts';
import type { Outcome } from './outcome.ts';

export interface PoolOptions {
  readonly queue: WorkQueue<Key>;
  readonly freshness: Freshness;
  readonly atOnce: number;
  readonly now: () => number;
  readonly work: (key: Key, notBefore: number) => Promise<Outcome>;
  readonly onOutcome: (key: Key, result: 'success' | 'requeue' | 'error', ms: number) => void;
  /** A bug in one object's walk; every other object goes on. */
  readonly onCrash: (key: Key, error: unknown) => void;
}

/** Runs the workers until the queue is shut down; settles when the last key in hand is done. */
export async function runPool(options: PoolOptions): Promise<void> {
  await Promise.all(Array.from({ length: options.atOnce }, () => runWorker(options)));
}

async function runWorker(options: PoolOptions): Promise<void> {
  const { queue, freshness, now } = options;
  for (let taken = await queue.take(); taken !== undefined; taken = await queue.take()) {
    const { key } = taken;
    const startedAt = now();
    try {
      const outcome = await options.work(key, freshness.take(key));
      settle(key, outcome, options);
      options.onOutcome(key, resultOf(outcome), now() - startedAt);
    } catch (error) {
      freshness.want(key);
      queue.retryLater(key);
      options.onOutcome(key, 'error', now() - startedAt);
      options.onCrash(key, error);
    } finally {
      queue.done(key);
    }
  }
}

/** One place turns an outcome into verbs of the queue. */
function settle(key: Key, outcome: Outcome, { queue, freshness }: PoolOptions): void {
  switch (outcome.type) {
    case 'Settled':
      queue.forget(key);
      return;
    case 'LookAgain':
      queue.forget(key);
      freshness.want(key);
      queue.addAfter(key, outcome.inMs);
      return;
    case 'Settling':
      freshness.want(key);
      queue.retryLater(key);
      // The earlier of the two counts.
      if (outcome.atLatestMs !== undefined) queue.addAfter(key, outcome.atLatestMs);
      return;
    case 'Failed':
      freshness.want(key);
      queue.retryLater(key);
      return;
  }
}

function resultOf({ type }: Outcome): 'success' | 'requeue' | 'error' {
  if (type === 'Failed') return 'error';
  return type === 'Settled' ? 'success' : 'requeue';
}

/** How old a look may be that a key is decided on: younger than the last thing that happened to it. */
export interface Freshness {
  /** The time by the clock that all these times are told by. */
  now(): number;
  /** `at`: the time of what happened; default: now. */
  want(key: Key, at?: number): void;
  /** The earliest beginning of a look that will do. */
  take(key: Key): number;
}

/** `now`: a clock that nobody can set, since a look from before the clock was set back would seem to be a later one. */
export function createFreshness(now: () => number, staleMs: number): Freshness {
  const wanted = new Map<Key, number>();
  return {
    now,
    want(key, at = now()) {
      wanted.set(key, Math.max(at, wanted.get(key) ?? 0));
    },
    // Not taken out: a later look, however it is asked for, may not be older than what has happened either.
    take: (key) => Math.max(wanted.get(key) ?? 0, now() - staleMs),
  };
}
