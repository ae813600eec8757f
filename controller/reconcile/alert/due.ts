import type { AlertPolicy, Due, Entry, Ledger } from '../../api/alerting.ts';
import { LONGEST_PAUSE_MS } from './settle.ts';

/**
 * What is to be done for a receiver at `now`. One notification at a time: while one cannot be delivered, all else waits
 * behind it, and is told together once it can. A time on record that lies ahead is of a clock that was set back: nothing
 * waits for it.
 *
 * @param hurry what waits for company is told at once; the limit and pauses between tries hold all the same
 */
export function dueOf(ledger: Ledger, policy: AlertPolicy, now: number, hurry = false): Due {
  const { sending, failing } = ledger;
  if (sending !== undefined) {
    const isSane = sending.nextTryAt - now <= LONGEST_PAUSE_MS && (failing === undefined || failing.at <= now);
    return at(isSane ? sending.nextTryAt : now, now, { type: 'Try', sending });
  }
  let earliest: { readonly group: string; readonly at: number } | undefined;
  for (const entry of Object.values(ledger.entries)) {
    if (entry.count === 0) continue;
    const due = Math.max(entryDue(entry, policy, { now, hurry }), groupDue(ledger, entry, policy, { now, hurry }));
    if (earliest === undefined || due < earliest.at) earliest = { group: entry.group, at: due };
  }
  if (earliest === undefined) return { type: 'Nothing' };
  return at(Math.max(earliest.at, whenFree(ledger, policy, now)), now, { type: 'Compose', group: earliest.group });
}

export interface Moment {
  readonly now: number;
  readonly hurry: boolean;
}

/** When it would be told if it were alone. */
export function entryDue(entry: Entry, { waitMs, intervalMs, repeatMs }: AlertPolicy, { now, hurry }: Moment): number {
  const { firstAt, toldAt = 0, pauseMs } = entry;
  // The spec may have become more impatient since.
  const pause = Math.min(pauseMs, Math.max(intervalMs, repeatMs));
  return Math.max(after(firstAt, hurry ? 0 : waitMs, now), after(toldAt, pause, now));
}

function groupDue({ groups }: Ledger, { group }: Entry, { intervalMs }: AlertPolicy, { now, hurry }: Moment): number {
  const last = Object.hasOwn(groups, group) ? groups[group] : undefined;
  return last === undefined || hurry ? 0 : after(last, intervalMs, now);
}

/** When the limit allows another notification. */
function whenFree({ sentAt }: Ledger, { limit, limitMs }: AlertPolicy, now: number): number {
  const counting = sentAt.filter((time) => time <= now && now - time < limitMs);
  const oldest = counting.at(-limit);
  return oldest === undefined ? now : oldest + limitMs;
}

function after(time: number, ms: number, now: number): number {
  return time > now ? now : time + ms;
}

function at(time: number, now: number, due: Due): Due {
  return time <= now ? due : { type: 'Later', at: time };
}
