import type { AlertPolicy, Due, Entry, Ledger } from '../../api/alerting.ts';

/**
 * What is to be done for a receiver at `now`. One notification at a time: while one cannot be delivered, all else waits
 * behind it, and is told together once it can.
 *
 * @param hurry what waits for company is told at once; the limit and pauses between tries hold all the same
 */
export function dueOf(ledger: Ledger, policy: AlertPolicy, now: number, hurry = false): Due {
  const { sending } = ledger;
  if (sending !== undefined) return at(sending.nextTryAt, now, { type: 'Try', sending });
  const free = whenFree(ledger, policy, now);
  let earliest: { readonly group: string; readonly at: number } | undefined;
  for (const [group, due] of groupsOf(ledger, policy, hurry)) {
    if (earliest === undefined || due < earliest.at) earliest = { group, at: due };
  }
  if (earliest === undefined) return { type: 'Nothing' };
  return at(Math.max(earliest.at, free), now, { type: 'Compose', group: earliest.group });
}

function at(time: number, now: number, due: Due): Due {
  return time <= now ? due : { type: 'Later', at: time };
}

/** When the limit allows another notification. A time that lies ahead is of a clock that was set back. */
function whenFree({ sentAt }: Ledger, { limit, limitMs }: AlertPolicy, now: number): number {
  const counting = sentAt.filter((time) => time <= now && now - time < limitMs);
  const oldest = counting.at(-limit);
  return oldest === undefined ? now : oldest + limitMs;
}

/** The groups in which something waits, with when it is due. */
function groupsOf(ledger: Ledger, policy: AlertPolicy, hurry: boolean): ReadonlyMap<string, number> {
  const groups = new Map<string, number>();
  for (const entry of Object.values(ledger.entries)) {
    if (entry.count === 0) continue;
    const due = Math.max(entryDue(entry, policy, hurry), groupFree(ledger, entry.group, policy, hurry));
    groups.set(entry.group, Math.min(groups.get(entry.group) ?? due, due));
  }
  return groups;
}

function groupFree({ groups }: Ledger, group: string, { intervalMs }: AlertPolicy, hurry: boolean): number {
  const last = groups[group];
  return last === undefined || hurry ? 0 : last + intervalMs;
}

/** When it would be told if it were alone. */
export function entryDue({ firstAt, toldAt, pauseMs }: Entry, { waitMs }: AlertPolicy, hurry = false): number {
  const alone = hurry ? firstAt : firstAt + waitMs;
  return toldAt === undefined ? alone : Math.max(alone, toldAt + pauseMs);
}
