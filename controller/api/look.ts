import type { Reason } from './reasons.ts';

/**
 * What the eyes report. A look either succeeded, or it is Unknown with a reason; Unknown is never taken for absence.
 * All times are milliseconds since the epoch.
 */
export type Look<T> =
  | { readonly state: 'Known'; readonly at: number; readonly value: T }
  | { readonly state: 'Unknown'; readonly at: number; readonly reason: Reason; readonly message: string };
