import type { ProjectInput } from '../../api/decision.ts';
import type { AccountFact } from '../../api/health.ts';
import { runStartedAt } from '../../api/observed.ts';
import type { AgentPlan } from './agent-plan.ts';
import type { Fact } from './conditions.ts';
import { isOutOfOrder } from './holding.ts';
import { isExhausted } from './recovery.ts';

/** Where nothing of any agent has moved for so long, there is no progress, in milliseconds. */
const NO_PROGRESS_MS = 1_800_000;

/** What can be said of accounts and of progress; nothing where the classes give no way to know. */
export function healthFacts({ observed, now }: ProjectInput, wanted: readonly AgentPlan[]): Fact[] {
  const { accounts } = observed.health;
  return [
    ...worst(
      'Authenticated',
      accounts.map((account) => [account.class, account.authenticated]),
    ),
    ...worst(
      'WithinLimits',
      accounts.map((account) => [account.class, account.withinLimits]),
    ),
    ...progressFact(wanted, now),
  ];
}

/** Agents that were recovered so often that a person has to look at them. */
export function exhaustedFact(plans: readonly AgentPlan[]): Fact | undefined {
  const left = plans.filter(
    ({ next, view: { stuck, desired, recoveries } }) =>
      next.type === 'Keep' && stuck !== undefined && desired !== undefined && isExhausted(desired, recoveries),
  );
  if (left.length === 0) return undefined;
  const message = left
    .map(
      ({ view }) =>
        `${view.name}: ${view.stuck?.message ?? ''} (recovered ${view.recoveries.length} times within an hour)`,
    )
    .join('; ');
  return { type: 'Stalled', status: 'True', reason: 'RecoveriesExhausted', message };
}

const ORDER = { False: 0, Unknown: 1, True: 2 } as const;

/** The fact of the class that is worst off; the others are said by their classes. */
function worst(type: Fact['type'], facts: readonly (readonly [name: string, fact: AccountFact | undefined])[]): Fact[] {
  const known = facts.flatMap(([name, fact]) =>
    fact === undefined || fact.reason === 'NotChecked' ? [] : [{ name, fact }],
  );
  const [first] = known.sort((a, b) => ORDER[a.fact.status] - ORDER[b.fact.status]);
  if (first === undefined) return [];
  const { status, reason, message } = first.fact;
  if (status === 'True') return [{ type, status, reason }];
  return [{ type, status, reason, message: `class ${first.name}: ${message}` }];
}

/** Said without the time while there is progress, so that nothing is written for each step of it. */
function progressFact(wanted: readonly AgentPlan[], now: number): Fact[] {
  const read = wanted.filter(({ view }) => view.reading !== undefined);
  if (read.length === 0) return [];
  const held = read.find(({ view }) => isOutOfOrder(view.account));
  if (held !== undefined) {
    const message = `${held.view.name} waits for its account`;
    return [{ type: 'Progressing', status: 'Unknown', reason: 'AccountHeld', message }];
  }
  const moved = Math.max(...read.map(({ view }) => movedAt(view)));
  if (now - moved < NO_PROGRESS_MS) return [{ type: 'Progressing', status: 'True', reason: 'Progressing' }];
  const message = `no turn, no record and no output of any agent since ${new Date(moved).toISOString()}`;
  return [{ type: 'Progressing', status: 'False', reason: 'NoProgress', message }];
}

/** The clock begins anew when the account is in order again: before, nothing could move. */
function movedAt({ reading, life, account }: AgentPlan['view']): number {
  const started = 'pane' in life ? runStartedAt(life.pane.mark.run) : undefined;
  const free = Math.max(account?.restoredAt ?? 0, account?.limitEndedAt ?? 0);
  return Math.max(started ?? 0, reading?.movedAt ?? 0, reading?.turns.lastAt ?? 0, free);
}
