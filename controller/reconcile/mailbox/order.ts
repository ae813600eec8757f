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

/** Mails that a new one takes the place of: such as wait for the same agent under the same key. */
export function supersededBy(mail: Mail, mails: readonly Mail[]): Mail[] {
  if (mail.dedupeKey === undefined) return [];
  return mails.filter(
    ({ id, state, dedupeKey }) => id !== mail.id && state === 'Queued' && dedupeKey === mail.dedupeKey,
  );
}
