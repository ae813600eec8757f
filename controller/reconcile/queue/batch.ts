import type { EventNote } from '../../api/decision.ts';
import type { QueueStatus } from '../../api/generated/all.ts';
import type { QueueEntry, QueueInput } from '../../api/queueing.ts';

/** Names that are told of those that failed. */
const NAMED = 10;

/**
 * Told once nothing of the queue runs or waits any more, with how it all ended. Projects of which nobody knows yet how
 * they stand may run: nothing is over before they were looked at.
 */
export function batchEvents(
  { previous, entries, unseen, notLooked, expected }: QueueInput,
  { running, waiting }: Pick<QueueStatus, 'running' | 'waiting'>,
): EventNote[] {
  const had = (previous?.running ?? 0) + (previous?.waiting ?? 0);
  if (had === 0 || running + waiting > 0 || unseen.size > 0 || notLooked + expected.length > 0) return [];
  const all = entries.filter(({ belongs }) => belongs);
  const ended = (result: string) => all.filter(({ outcome }) => outcome.result === result);
  const failed = ended('Failed');
  const others = all.length - ended('Completed').length - failed.length;
  const counts = [
    `${ended('Completed').length} completed`,
    `${failed.length} failed${failed.length === 0 ? '' : ` (${namesOf(failed)})`}`,
    ...(others > 0 ? [`${others} ended otherwise`] : []),
  ];
  const message = `nothing runs or waits any more; of ${all.length} projects: ${counts.join(', ')}`;
  return [{ type: failed.length === 0 ? 'Normal' : 'Warning', reason: 'BatchOver', message }];
}

function namesOf(failed: readonly QueueEntry[]): string {
  const names = failed.map(({ project }) => project).sort();
  const more = names.length - NAMED;
  return [...names.slice(0, NAMED), ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}
