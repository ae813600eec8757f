import type { Mail } from '../../api/mail.ts';

/**
 * What waits, the next one first: what an agent needs to go on, then by priority, then as it was due, then as it came.
 */
export function inOrder(mails: readonly Mail[]): Mail[] {
  return mails
    .filter(({ state }) => state === 'Queued')
    .sort(
      (a, b) =>
        Number(b.afterLimit !== undefined) - Number(a.afterLimit !== undefined) ||
        b.priority - a.priority ||
        a.dueAt - b.dueAt ||
        a.sequence - b.sequence,
    );
}

/** Such as still wait although a newer one came under the same key, whatever became of that. */
export function superseded(mails: readonly Mail[]): Mail[] {
  const newest = new Map<string, number>();
  for (const { dedupeKey, sequence } of mails) {
    if (dedupeKey !== undefined) newest.set(dedupeKey, Math.max(sequence, newest.get(dedupeKey) ?? sequence));
  }
  return mails.filter(
    ({ state, dedupeKey, sequence }) =>
      state === 'Queued' && dedupeKey !== undefined && sequence < (newest.get(dedupeKey) ?? sequence),
  );
}
