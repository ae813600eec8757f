import type { QueueEntry } from '../../api/queueing.ts';

/** Higher priority first; of equals, the one that was created first; of those, by name. The same after every restart. */
function compareEntries(a: QueueEntry, b: QueueEntry): number {
  return b.priority - a.priority || a.createdAt - b.createdAt || (a.project < b.project ? -1 : 1);
}

/** Who waits: those who would run if they had a slot, and those of whom nobody knows whether they would. */
export function lineOf(entries: readonly QueueEntry[], owners: ReadonlySet<string>): QueueEntry[] {
  return entries
    .filter(({ belongs, claim, uid }) => belongs && (claim === 'Wants' || claim === 'Unknown') && !owners.has(uid))
    .sort(compareEntries);
}
