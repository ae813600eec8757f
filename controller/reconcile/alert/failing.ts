import type { AlertNote, Failing, Ledger } from '../../api/alerting.ts';
import { LONG_MS } from './settle.ts';

/** What is worth an event in how it stands with a receiver, and the ledger in which that is on record. */
export function failingNotes(
  receiver: string,
  { before, after }: { readonly before: Ledger; readonly after: Ledger },
): { readonly ledger: Ledger; readonly notes: readonly AlertNote[] } {
  const { failing } = after;
  if (failing === undefined) {
    const isBack = before.failing?.isTold === true;
    const message = `${receiver} is told again`;
    return { ledger: after, notes: isBack ? [{ type: 'Normal', reason: 'ReceiverRestored', message }] : [] };
  }
  const isRefused = after.dropped > before.dropped;
  if (failing.isTold || !(isRefused || isLong(failing))) return { ledger: after, notes: [] };
  const what = isRefused ? 'refuses what it is told' : `could not be told for ${minutes(failing)} minutes`;
  const message = `${receiver} ${what}: ${failing.message}`;
  return {
    ledger: { ...after, failing: { ...failing, isTold: true } },
    notes: [{ type: 'Warning', reason: 'ReceiverFailed', message }],
  };
}

function isLong({ since, at }: Failing): boolean {
  return at - since >= LONG_MS;
}

function minutes({ since, at }: Failing): number {
  return Math.round((at - since) / 60_000);
}
