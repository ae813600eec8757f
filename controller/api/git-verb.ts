import type { Reason } from './reasons.ts';

/** What became of a step on a repository or a work tree. */
export type GitStep =
  | { readonly ok: true }
  /** The message is git's own, or the system's, without secrets. */
  | { readonly ok: false; readonly reason: Reason; readonly message: string };
