import type { ProjectInput } from '../../api/decision.ts';
import type { AccountFact, AccountState } from '../../api/health.ts';
import { runStartedAt } from '../../api/observed.ts';
import type { AgentPlan } from './agent-plan.ts';
import type { Fact } from './conditions.ts';
import { headMovedAt } from './git-facts.ts';
import { bringsItsLogin, isOutOfOrder } from './holding.ts';
import { isExhausted } from './recovery.ts';

/** Where nothing of any agent has moved for so long, there is no progress, in milliseconds. */
const NO_PROGRESS_MS = 1_800_000;

/** What can be said of accounts and of progress; nothing where the classes give no way to know. */
export function healthFacts(input: ProjectInput, wanted: readonly AgentPlan[]): Fact[] {
  const { accounts } = input.observed.health;
  const asked = accounts.filter((account) => !needsNoLogin(account, wanted));
  return [
    ...worst(
      'Authenticated',
      asked.map((account) => [account.class, account.authenticated]),
    ),
    ...worst(
      'WithinLimits',
      accounts.map((account) => [account.class, account.withinLimits]),
    ),
    ...progressFact(wanted, input),
  ];
}

function needsNoLogin(account: AccountState, wanted: readonly AgentPlan[]): boolean {
  const its = wanted.flatMap(({ view: { desired } }) => (desired?.class === account.class ? [desired] : []));
  return its.length > 0 && its.every((agent) => bringsItsLogin(account, agent));
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

/**
 * Said without the time while there is progress, so that nothing is written for each step of it. Agents of which nothing
 * but their commits is known may be at work all the same: of them alone it is never said that there is none.
 */
function progressFact(wanted: readonly AgentPlan[], input: ProjectInput): Fact[] {
  const { now } = input;
  const seen = wanted.map((plan) => ({ plan, signs: signsOf(plan.view, input) })).filter(({ signs }) => signs.size > 0);
  if (seen.length === 0) return [];
  const held = seen.find(({ plan: { view } }) => view.reading !== undefined && isOutOfOrder(view.account))?.plan;
  if (held !== undefined) {
    const message = `${held.view.name} waits for its account`;
    return [{ type: 'Progressing', status: 'Unknown', reason: 'AccountHeld', message }];
  }
  const signs = seen.flatMap((one) => [...one.signs]);
  const recent = SIGNS.filter((name) => signs.some(([sign, at]) => sign === name && now - at < NO_PROGRESS_MS));
  if (recent.length > 0) {
    const message = `seen by: ${recent.join(', ')}`;
    return [{ type: 'Progressing', status: 'True', reason: 'Progressing', message }];
  }
  const since = new Date(Math.max(...signs.map(([, at]) => at))).toISOString();
  if (seen.every(({ plan }) => plan.view.reading === undefined)) {
    const message = `no commit of any agent since ${since}; nothing else is known of their work`;
    return [{ type: 'Progressing', status: 'Unknown', reason: 'NoProgress', message }];
  }
  const message = `no turn, no record, no output and no commit of any agent since ${since}`;
  return [{ type: 'Progressing', status: 'False', reason: 'NoProgress', message }];
}

/** What an agent's work is seen by, in the order in which it is told. */
const SIGNS = ['start', 'turns', 'output', 'commits'] as const;

/**
 * When each was last seen, in milliseconds since the epoch; none where there is no way to know. What was there before its
 * run began is no sign of the agent: a repository has a last commit as well.
 */
function signsOf(view: AgentPlan['view'], input: ProjectInput): ReadonlyMap<(typeof SIGNS)[number], number> {
  const { reading, life, account, name } = view;
  const signs = new Map<(typeof SIGNS)[number], number>();
  const started = 'pane' in life ? runStartedAt(life.pane.mark.run) : undefined;
  const moved = headMovedAt(name, input);
  if (moved !== undefined && started !== undefined) {
    signs.set('start', started);
    if (moved >= started) signs.set('commits', moved);
  }
  if (reading === undefined) return signs;
  // The clock begins anew when the account is in order again: before, nothing could move.
  signs.set('start', Math.max(started ?? 0, account?.restoredAt ?? 0, account?.limitEndedAt ?? 0));
  signs.set('output', reading.movedAt);
  if (reading.turns.lastAt !== undefined) signs.set('turns', reading.turns.lastAt);
  return signs;
}
