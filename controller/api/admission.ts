import type { Reason } from './reasons.ts';

/** Whether a project may run, as its queue and the projects that it depends on have it. */
export type Admission =
  | { readonly type: 'Admitted'; readonly reason: 'NotQueued' | 'Admitted'; readonly message: string }
  /** It has no slot yet. What runs of it is left alone. */
  | { readonly type: 'Waiting'; readonly reason: Reason; readonly message: string }
  /** Its slot was taken back: what runs of it is to be ended. */
  | { readonly type: 'Withdrawn'; readonly reason: 'Drained'; readonly message: string };

export const NOT_QUEUED: Admission = { type: 'Admitted', reason: 'NotQueued', message: '' };

/**
 * What a project asks of its queue, by its own last decision.
 * - Wants: it would run if it had a slot, and nothing of it does yet.
 * - Holds: something of it runs, or may run: its slot stays taken, wanted or not.
 * - Leaves: only what is left of runs that are over is still being ended: a slot that it has stays taken until that is
 *   done, and it gets none for that.
 * - Unknown: nobody could look: what was so stays so.
 * - None: nothing of it runs, and nothing is to (finished, suspended, on its way out, or between two attempts).
 */
export type Claim = 'None' | 'Wants' | 'Holds' | 'Leaves' | 'Unknown';

/** What tools ask of an object beside its spec, from state/overlays/: annotations of muxlet's own. */
export type Overlay = Readonly<Record<string, string>>;

export const OVERLAY = {
  /** The uid of the object that is to be removed and made anew. */
  reset: 'muxlet.dev/reset',
  /** The uid of the object whose work trees and branches stay as they are when it is reset. */
  keepWorkTrees: 'muxlet.dev/keep-worktrees',
  /** Runs that are to be ended and started again: a JSON object of run by agent. */
  restart: 'muxlet.dev/restart',
  /** Runs that `muxlet down` ends, written before it does: a JSON object of run by agent. One that lives all the same goes on. */
  down: 'muxlet.dev/down',
  /** Of a GitSource: any text that was not there before has its repository looked at. */
  reconcile: 'muxlet.dev/reconcile',
  /** EndSession or KeepSession. */
  suspend: 'muxlet.dev/suspend',
} as const;
