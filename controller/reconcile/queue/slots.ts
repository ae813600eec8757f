import type { Slot } from '../../api/generated/all.ts';
import type { QueueEntry, QueueInput } from '../../api/queueing.ts';

export interface Slots {
  /** Who had one before and keeps it, and who is taken in. */
  readonly kept: readonly Slot[];
  /** Of these, who runs already and had none: the limit is no reason to end it. */
  readonly takenIn: readonly Slot[];
  readonly freed: readonly Slot[];
}

/**
 * Slots count by ownership, and never by what happens to run. A slot goes back once its owner says, by a decision that
 * knew how things stood, that it needs none; not to know gives nothing back.
 */
export function reviewSlots({ entries, previous, unseen, now }: QueueInput): Slots {
  const before = previous?.admitted ?? [];
  const owners = new Set(before.map(({ uid }) => uid));
  const known = new Map(entries.filter(({ uid }) => owners.has(uid)).map((entry) => [entry.uid, entry]));
  const keeps = (slot: Slot): boolean => {
    const entry = known.get(slot.uid);
    return entry === undefined ? unseen.has(slot.uid) : !givesBack(entry);
  };
  const takenIn = entries.filter((entry) => !owners.has(entry.uid) && runsAlready(entry)).map(slotAt(now));
  return {
    kept: [...before.filter(keeps), ...takenIn],
    takenIn,
    freed: before.filter((slot) => !keeps(slot)),
  };
}

export function slotAt(now: number) {
  return ({ project, uid }: QueueEntry): Slot => ({ project, uid, since: new Date(now).toISOString() });
}

/**
 * A claim is as old as the decision that it came of. One that is under way was told that it may start something, and
 * one that was not told of the withdrawal may have been made before it.
 *
 *   queue:    gives slot ............ drains ............................ frees
 *   project:        decides (Wants)          decides: Withdrawn, ends   (Wants)
 */
function givesBack({ claim, told, deciding, belongs }: QueueEntry): boolean {
  if (!belongs) return true;
  if (deciding) return false;
  return claim === 'None' || (claim === 'Wants' && told === 'Withdrawn');
}

/** It was given its queue later, or what was on record of its slot is lost. */
function runsAlready({ claim, mayRun, belongs }: QueueEntry): boolean {
  return belongs && (claim === 'Holds' || (claim === 'Unknown' && mayRun));
}
