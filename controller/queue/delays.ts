import type { Clock } from './clock.ts';
import { type Entry, type Heap, pop, push, rise } from './heap.ts';

/** Keys that are to come at a later time, each at most once. */
export interface Delays<Key> {
  /** Keeps the earlier time where the key waits already. */
  schedule(key: Key, delayMs: number): void;
  clear(): void;
  readonly size: number;
}

/** Node takes a longer timeout for 1 ms (docs of setTimeout: 2^31 - 1), so longer waits are slept in parts. */
const LONGEST_SLEEP_MS = 2 ** 30;

/**
 * Holds any number of delayed keys with one timer, which is set for the earliest.
 *
 * The clock may be a wall clock and be set, while timers go on. Three rules keep a wait from growing by the step: a
 * timer that fired proves that its time has come, whatever the clock says; one whose time the clock has passed is not
 * waited for; and whenever the clock shows less than it did, all waits move back with it. What passed unseen between the
 * two readings is all that a wait can grow by then.
 */
export function createDelays<Key extends string>(clock: Clock, due: (key: Key) => void): Delays<Key> {
  const heap: Heap<Key> = [];
  const entries = new Map<Key, Entry<Key>>();
  let orders = 0;
  let latestNow = Number.NEGATIVE_INFINITY;
  let timer: { readonly wakesAt: number; readonly cancel: () => void } | undefined;

  function schedule(key: Key, delayMs: number): void {
    const dueAt = readClock() + delayMs;
    const known = entries.get(key);
    if (known === undefined) {
      const entry = { key, dueAt, order: orders++, index: 0 };
      entries.set(key, entry);
      push(heap, entry);
    } else if (dueAt < known.dueAt) {
      known.dueAt = dueAt;
      rise(heap, known);
    }
    setTimer();
  }

  function readClock(): number {
    const now = clock.now();
    if (now < latestNow) {
      // The same step for all leaves their order as it is.
      for (const entry of heap) entry.dueAt -= latestNow - now;
      // The timer keeps running for the rest of the same wait.
      if (timer !== undefined) timer = { ...timer, wakesAt: timer.wakesAt - (latestNow - now) };
    }
    latestNow = now;
    return now;
  }

  function setTimer(): void {
    const [first] = heap;
    if (first === undefined) return;
    const wakesAt = Math.min(first.dueAt, latestNow + LONGEST_SLEEP_MS);
    const isOverdue = timer !== undefined && timer.wakesAt < latestNow;
    if (timer !== undefined && timer.wakesAt <= wakesAt && !isOverdue) return;
    timer?.cancel();
    timer = { wakesAt, cancel: clock.after(Math.max(0, wakesAt - latestNow), wake) };
  }

  function wake(): void {
    if (timer === undefined) return;
    latestNow = Math.max(latestNow, timer.wakesAt);
    timer = undefined;
    const now = readClock();
    const ready: Key[] = [];
    for (let [first] = heap; first !== undefined && first.dueAt <= now; [first] = heap) {
      pop(heap);
      entries.delete(first.key);
      ready.push(first.key);
    }
    setTimer();
    for (const key of ready) due(key);
  }

  return {
    schedule,
    clear() {
      timer?.cancel();
      timer = undefined;
      heap.length = 0;
      entries.clear();
    },
    get size() {
      return entries.size;
    },
  };
}
