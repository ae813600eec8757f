import { describe, expect, test } from 'vitest';
import type { DesiredAgent } from '../../../controller/api/desired.ts';
import type { AgentStatus, Exit, Termination } from '../../../controller/api/generated/all.ts';
import { type FailureFacts, failuresOf } from '../../../controller/reconcile/project/failures.ts';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const iso = (ms: number): string => new Date(ms).toISOString();
const BACKOFF = { initialMs: 4000, maxMs: 60_000, resetAfterMs: 600_000 };

interface End {
  readonly kind: NonNullable<Exit['kind']>;
  readonly ranMs?: number;
  readonly by?: Termination['reason'];
  readonly failures?: number;
  readonly recoveries?: number;
}

function after({ kind, ranMs = 30_000, by, failures = 2, recoveries = 0 }: End) {
  const reason = kind === 'Clean' ? 'Completed' : kind === 'Removed' ? 'PaneGone' : 'Error';
  const ended = { run: 'r', reason, kind, finishedAt: iso(NOW), startedAt: iso(NOW - ranMs), output: [] };
  const previous = { failures, ...(by !== undefined && { termination: { reason: by } }) };
  const { nextRestartAt, ...rest } = failuresOf({
    life: { type: 'Ended' },
    previous: previous as AgentStatus,
    ended: ended as Exit,
    desired: { backoff: BACKOFF } as DesiredAgent,
    recoveries,
    now: NOW,
  } as unknown as FailureFacts);
  return { ...rest, waitMs: (nextRestartAt ?? 0) - NOW };
}

describe('the start after an end waits by its kind', () => {
  test.each<[string, End, ReturnType<typeof after>]>([
    ['a crash: ever longer', { kind: 'Crash' }, { failures: 3, waitMs: 8000 }],
    ['[S134] want of memory: as a crash', { kind: 'OutOfMemory' }, { failures: 3, waitMs: 8000 }],
    ['a crash after a long time: the first one', { kind: 'Crash', ranMs: 600_000 }, { failures: 1, waitMs: 0 }],
    ['a good end: not at all', { kind: 'Clean' }, { failures: 0, waitMs: 0 }],
    ['a good end at once: as a crash', { kind: 'Clean', ranMs: 2000 }, { failures: 3, waitMs: 8000 }],
    ['[S118] no login: until the account is in order', { kind: 'Auth' }, { failures: 2, waitMs: 2000 }],
    ['[S127] a limit: until the account is in order', { kind: 'Limit' }, { failures: 2, waitMs: 2000 }],
    ['ended for its login: not at all', { kind: 'Ended', by: 'AccountRestored' }, { failures: 2, waitMs: 0 }],
    ['ended for its spec: not at all', { kind: 'Ended', by: 'SpecChanged' }, { failures: 0, waitMs: 0 }],
    ['its pane taken away: not at all', { kind: 'Removed' }, { failures: 2, waitMs: 0 }],
    [
      'its pane taken away after a long time: not at all',
      { kind: 'Removed', ranMs: 600_000 },
      { failures: 0, waitMs: 0 },
    ],
    ['a limit after a long time: as the first one', { kind: 'Limit', ranMs: 600_000 }, { failures: 0, waitMs: 2000 }],
    [
      '[S64] recovered: by the recoveries within the hour',
      { kind: 'Ended', by: 'Hung', recoveries: 3 },
      { failures: 2, waitMs: 8000 },
    ],
  ])('%s', (_, end, wanted) => {
    expect(after(end)).toEqual(wanted);
  });
});
