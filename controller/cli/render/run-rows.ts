import type { Attempt, RunStatus } from '../../api/generated/all.ts';
import { formatAge, formatDuration } from './age.ts';
import type { Column } from './table.ts';

/** `2h`, or `2h (stands)` while the clock does not run; nothing without a deadline. */
export function timeLeft(run: RunStatus | undefined, now: number): string {
  if (run?.deadlineAt !== undefined) return formatDuration(Math.max(0, Date.parse(run.deadlineAt) - now));
  return run?.leftSeconds === undefined ? '' : `${formatDuration(run.leftSeconds * 1000)} (stands)`;
}

/** `Completed`, `Failed (DeadlineExceeded)`, or nothing yet. */
export function resultText(run: RunStatus | undefined): string {
  if (run?.result === undefined) return '';
  return run.result === 'Completed' ? run.result : `${run.result} (${run.reason ?? ''})`;
}

export function runRows(run: RunStatus | undefined, now: number): (readonly [label: string, value: string])[] {
  if (run === undefined) return [];
  const left = timeLeft(run, now);
  const moved = run.extensions === 0 ? '' : `, moved on ${run.extensions === 1 ? 'once' : `${run.extensions} times`}`;
  const work = run.heartbeatAt === undefined ? undefined : `${formatAge(run.heartbeatAt, now)} ago`;
  const rows: [string, string | undefined][] = [
    ['Attempt', `${run.attempt} (${run.stage})`],
    ['Time Left', left === '' ? undefined : `${left}${moved}`],
    ['Last Work', work],
    ['Next Attempt', run.stage === 'BackingOff' ? run.nextAttemptAt : undefined],
    ['Result', run.result === undefined ? undefined : [resultText(run), run.message].filter(Boolean).join(': ')],
  ];
  return rows.flatMap(([label, value]) => (value === undefined ? [] : [[label, value] as const]));
}

export function attemptColumns(now: number): readonly Column<Attempt>[] {
  return [
    { header: 'Attempt', cell: ({ attempt }) => String(attempt) },
    { header: 'Result', cell: ({ result }) => result },
    { header: 'Reason', cell: ({ reason }) => reason },
    { header: 'Ended', cell: ({ finishedAt }) => `${formatAge(finishedAt, now)} ago` },
    { header: 'Message', cell: ({ message = '' }) => message },
  ];
}
