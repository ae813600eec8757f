import type { QueueEntry, Rank } from '../../api/queueing.ts';

/**
 * Higher priority first; of equals, the one that was created first; of those that were first read together, by file and
 * by place in it; at last, by name. The same after every restart.
 */
export function comparePlaces(a: Rank, b: Rank): number {
  return b.priority - a.priority || a.createdAt - b.createdAt || a.order - b.order || (a.project < b.project ? -1 : 1);
}

/** Who waits: those who would run if they had a slot, and those of whom nobody knows whether they would. */
export function lineOf(entries: readonly QueueEntry[], owners: ReadonlySet<string>): QueueEntry[] {
  return entries
    .filter(({ belongs, claim, uid }) => belongs && (claim === 'Wants' || claim === 'Unknown') && !owners.has(uid))
    .sort(comparePlaces);
}

/** The first of those that are to come. */
export function firstOf(expected: readonly Rank[]): Rank | undefined {
  return expected.reduce<Rank | undefined>((first, rank) => {
    return first === undefined || comparePlaces(rank, first) < 0 ? rank : first;
  }, undefined);
}
