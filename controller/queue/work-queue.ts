/**
 * The work queue, after client-go's workqueue: it holds keys and never what happened to them. A key that waits is not
 * added twice; a key that is being worked on is not handed out again until it is done, and an add in the meantime is
 * kept for then. So no key is worked on twice at once, and no add is lost. This room imports nothing, not even of
 * node, and knows of no kinds: clock and chance are given to it.
 */
import { type BackoffOptions, createBackoff } from './backoff.ts';
import type { Clock } from './clock.ts';
import { createDelays } from './delays.ts';

export interface Taken<Key> {
  readonly key: Key;
  /** When the key was last added, in milliseconds since the epoch: what is seen for this work must be no older. */
  readonly addedAt: number;
}

export interface QueueFigures {
  /** Keys that wait to be taken, or to be done and then taken again. */
  readonly depth: number;
  readonly processing: number;
  readonly delayed: number;
  /** Milliseconds of work so far, over all keys that are taken and not done. */
  readonly unfinishedMs: number;
  /** Milliseconds since the longest held key was taken. */
  readonly longestMs: number;
}

/** What metrics hear of the queue; all optional. An add of a key that waits already is not told. */
export interface QueueHooks<Key> {
  onAdd?(key: Key): void;
  /** Milliseconds from the first add to the take. */
  onTake?(key: Key, waitedMs: number): void;
  onDone?(key: Key, workedMs: number): void;
  /** Milliseconds that the key has to wait. */
  onRetry?(key: Key, delayMs: number): void;
}

export interface WorkQueueOptions<Key> {
  readonly clock: Clock;
  /** From 0 to less than 1; spreads retries. */
  readonly random: () => number;
  readonly backoff?: Omit<BackoffOptions, 'random'>;
  /** Nobody waits for the key, whoever adds it: it is always added at leisure. Default: none is so. */
  readonly isPatient?: (key: Key) => boolean;
  /** Default: what is at leisure is taken as soon as nothing in a hurry waits to be taken. */
  readonly leisure?: Leisure;
  readonly hooks?: QueueHooks<Key>;
}

/**
 * A taker who is free is no sign of a free processor: of what is in a hurry much may be under way. Milliseconds for which
 * free takers are kept from what is at leisure.
 */
export interface Leisure {
  /** Until nothing in a hurry is worked on, nor was for so long; what hangs counts for `atMostMs`. */
  readonly quietMs: number;
  /**
   * Or the first in the line was added so long ago: it is taken then, as long as fewer than `overdueAtOnce` that were taken
   * at leisure are worked on, and one more each time that this has passed. Every twelfth take is of the line whatever else waits.
   */
  readonly atMostMs: number;
  readonly overdueAtOnce: number;
}

export interface WorkQueue<Key> {
  add(key: Key): void;
  /** Adds the key behind all that were added otherwise: for walks over everything, that nobody waits for. See `Leisure`. */
  addAtLeisure(key: Key): void;
  /** Adds the key at leisure after `delayMs`, or at the earlier time for which it waits already. */
  addAfter(key: Key, delayMs: number): void;
  /** Adds the key after its backoff, not at leisure, and says how many milliseconds that is. Counts as a failure until `forget`. */
  retryLater(key: Key): number;
  /** The key succeeded: its next failure is a first one again. What it waits for, it still waits for. */
  forget(key: Key): void;
  /** Failures of the key since it was last forgotten. */
  failures(key: Key): number;
  /** The key that waited longest, once there is one; undefined after `shutDown`. Each take needs its `done`. */
  take(): Promise<Taken<Key> | undefined>;
  /** The work is over, however it went. Of a key that is not taken: nothing. */
  done(key: Key): void;
  /** Ends all takes, now and later, with undefined and drops what waits: a next start looks at everything anyway. */
  shutDown(): void;
  /** Keys that could be taken now. */
  readonly length: number;
  figures(): QueueFigures;
}

interface Added {
  readonly first: number;
  readonly latest: number;
  readonly atLeisure: boolean;
}

/** However much is in a hurry, every so many takes are of what is not. */
const LEISURE_EVERY = 12;
const NO_WAIT: Leisure = { quietMs: 0, atMostMs: 0, overdueAtOnce: 1 };

export function createWorkQueue<Key extends string>(options: WorkQueueOptions<Key>): WorkQueue<Key> {
  const { clock, random, isPatient = () => false, leisure = NO_WAIT, hooks = {} } = options;
  const backoff = createBackoff<Key>({ ...options.backoff, random });
  const delays = createDelays<Key>(clock, (key) => put(key, !retried.delete(key)));
  /** Keys that wait for their backoff. */
  const retried = new Set<Key>();
  /** Keys to be worked on, whether they stand in `ready` or wait for the end of the work that is under way. */
  const dirty = new Map<Key, Added>();
  /** Keys that are being worked on, and since when. */
  const processing = new Map<Key, number>();
  /** Those of them that were taken at leisure. */
  const strolling = new Set<Key>();
  const ready = new Set<Key>();
  const leisurely = new Set<Key>();
  /** While something waits in either line. */
  let takes = 0;
  const takers: ((taken: Taken<Key> | undefined) => void)[] = [];
  /** When something in a hurry was last taken or done, and something at leisure taken. */
  let hurriedAt = Number.NEGATIVE_INFINITY;
  let strolledAt = Number.NEGATIVE_INFINITY;
  /** When it is looked again whether what is at leisure has its turn. */
  let wake: { readonly at: number; readonly cancel: () => void } | undefined;
  let isShutDown = false;

  function put(key: Key, asksLeisure: boolean): void {
    if (isShutDown) return;
    const now = clock.now();
    const waiting = dirty.get(key);
    const atLeisure = (asksLeisure || isPatient(key)) && waiting?.atLeisure !== false;
    dirty.set(key, { first: waiting?.first ?? now, latest: now, atLeisure });
    if (waiting !== undefined) {
      if (!atLeisure && leisurely.delete(key)) offer(key, atLeisure);
      return;
    }
    hooks.onAdd?.(key);
    if (!processing.has(key)) offer(key, atLeisure);
  }

  function offer(key: Key, atLeisure: boolean): void {
    (atLeisure ? leisurely : ready).add(key);
    serve();
  }

  function serve(): void {
    while (takers.length > 0) {
      const taken = next();
      if (taken === undefined) return;
      takers.shift()?.(taken);
    }
  }

  function nextKey(now: number): Key | undefined {
    if (ready.size > 0 && leisurely.size > 0) takes += 1;
    const isTurn = ready.size === 0 || (leisurely.size > 0 && takes % LEISURE_EVERY === 0);
    if (ready.size === 0 && mustWait(now)) return undefined;
    const line = isTurn ? leisurely : ready;
    const [key] = line;
    if (key !== undefined) line.delete(key);
    if (line === ready) hurriedAt = now;
    else if (key !== undefined) {
      strolledAt = now;
      strolling.add(key);
    }
    return key;
  }

  /** Whether it is not yet time for what is at leisure; then those who wait for it are served when it is. */
  function mustWait(now: number): boolean {
    const [key] = leisurely;
    const added = key === undefined ? undefined : dirty.get(key);
    // Where the clock was set back, nothing waits for it to catch up.
    if (added === undefined || now < hurriedAt) return false;
    const isHurrying = processing.size > strolling.size;
    const quietAt = hurriedAt + (isHurrying ? leisure.atMostMs : leisure.quietMs);
    // Where as many are worked on as may be, the end of one is waited for, unless they take too long.
    const since = strolling.size < leisure.overdueAtOnce ? added.first : Math.max(added.first, strolledAt);
    const waitMs = Math.min(quietAt, since + leisure.atMostMs) - now;
    if (waitMs <= 0) return false;
    if (wake === undefined || wake.at > now + waitMs) wakeIn(waitMs, now);
    return true;
  }

  function wakeIn(ms: number, now: number): void {
    wake?.cancel();
    const cancel = clock.after(ms, () => {
      wake = undefined;
      serve();
    });
    wake = { at: now + ms, cancel };
  }

  function next(): Taken<Key> | undefined {
    const now = clock.now();
    const key = nextKey(now);
    const added = key === undefined ? undefined : dirty.get(key);
    if (key === undefined || added === undefined) return undefined;
    dirty.delete(key);
    processing.set(key, now);
    hooks.onTake?.(key, Math.max(0, now - added.first));
    return { key, addedAt: added.latest };
  }

  function addAfter(key: Key, delayMs: number): void {
    if (isShutDown) return;
    if (delayMs > 0) delays.schedule(key, delayMs);
    else put(key, !retried.delete(key));
  }

  return {
    add: (key) => put(key, false),
    addAtLeisure: (key) => put(key, true),
    addAfter,
    retryLater(key) {
      const delayMs = backoff.next(key);
      if (!isShutDown) hooks.onRetry?.(key, delayMs);
      retried.add(key);
      addAfter(key, delayMs);
      return delayMs;
    },
    forget: (key) => backoff.forget(key),
    failures: (key) => backoff.failures(key),
    take() {
      if (isShutDown) return Promise.resolve(undefined);
      const taken = next();
      return taken === undefined ? new Promise((resolve) => takers.push(resolve)) : Promise.resolve(taken);
    },
    done(key) {
      const since = processing.get(key);
      if (since === undefined) return;
      processing.delete(key);
      const now = clock.now();
      if (!strolling.delete(key)) hurriedAt = now;
      hooks.onDone?.(key, Math.max(0, now - since));
      const again = dirty.get(key);
      if (again !== undefined) offer(key, again.atLeisure);
      else serve();
    },
    shutDown() {
      isShutDown = true;
      delays.clear();
      wake?.cancel();
      dirty.clear();
      ready.clear();
      leisurely.clear();
      retried.clear();
      for (const taker of takers.splice(0)) taker(undefined);
    },
    get length() {
      return ready.size + leisurely.size;
    },
    figures() {
      const now = clock.now();
      const worked = [...processing.values()].map((since) => Math.max(0, now - since));
      return {
        depth: dirty.size,
        processing: processing.size,
        delayed: delays.size,
        unfinishedMs: worked.reduce((sum, ms) => sum + ms, 0),
        longestMs: Math.max(0, ...worked),
      };
    },
  };
}
