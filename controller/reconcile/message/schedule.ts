import type { MessageSpec } from '../../api/generated/all.ts';
import { intervalMs } from '../../api/interval.ts';

export interface Due {
  /** How often it was due until now. More than before: it is sent, and once only, however many were missed. */
  readonly occurrence: number;
  /** When the last of these was due, in milliseconds since the epoch. */
  readonly dueAt: number;
  /** When it is due next, in milliseconds since the epoch; absent: never again. */
  readonly nextAt?: number;
}

/**
 * @param since when the message came to be, in milliseconds since the epoch
 * @param waitsFirst whether the first one of a recurring message comes only after its interval, as a check-in's does
 */
export function dueOf(spec: MessageSpec, since: number, now: number, waitsFirst: boolean): Due {
  const begin = spec.notBefore === undefined ? since : Date.parse(spec.notBefore);
  const end = spec.deadline === undefined ? Number.POSITIVE_INFINITY : Date.parse(spec.deadline);
  if (spec.every === undefined)
    return now < begin ? { occurrence: 0, dueAt: begin, nextAt: begin } : { occurrence: 1, dueAt: begin };
  const every = intervalMs(spec.every);
  const first = waitsFirst ? begin + every : begin;
  const until = Math.min(now, end);
  const occurrence = until < first ? 0 : Math.floor((until - first) / every) + 1;
  const nextAt = first + occurrence * every;
  const dueAt = nextAt - every;
  return nextAt <= end ? { occurrence, dueAt, nextAt } : { occurrence, dueAt };
}
