import type { SourceInput } from '../../api/following.ts';
import type { GitSourceSpec } from '../../api/generated/all.ts';
import { intervalMs } from '../../api/interval.ts';

const FIRST_RETRY_MS = 10_000;
const LAST_RETRY_MS = 3_600_000;
/** Looks are moved by up to this part of their interval, so that not all come at once. */
const SPREAD = 0.1;

function intervalOf({ interval }: GitSourceSpec): number {
  return Math.max(1000, intervalMs(interval ?? '1m'));
}

export function timeoutOf({ timeout }: GitSourceSpec): number {
  return Math.max(1000, intervalMs(timeout ?? '60s'));
}

/** When the next look is due, after one that has ended just now: the n-th in a row that failed, or a good one (0). */
export function nextLookAt(
  failures: number,
  { spec, now, chance }: Pick<SourceInput, 'spec' | 'now' | 'chance'>,
): number {
  const wait = failures === 0 ? intervalOf(spec) : Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
  return now + Math.round(wait * (1 - SPREAD * chance));
}

/** Whether a look is to be begun, if nothing is in its way. */
export function isDue(input: SourceInput): boolean {
  const { spec, generation, previous, current, begunFor, hinted, asked, now } = input;
  if (begunFor !== generation || hinted) return true;
  if (asked !== undefined && asked !== previous?.lastHandledReconcileAt) return true;
  // Its files were taken away behind our back.
  if (current === undefined && previous?.revision !== undefined) return true;
  const due = Date.parse(previous?.nextLookAt ?? '');
  // The clock was set back, or the interval is shorter than it was.
  const isFar = due > now + Math.max(LAST_RETRY_MS, intervalOf(spec));
  return Number.isNaN(due) || due <= now || isFar;
}
