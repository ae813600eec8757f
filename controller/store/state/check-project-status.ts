import { PHASE } from '../../api/enumerations.ts';
import type { Attempt, ProjectStatus, RunStatus, SessionRef } from '../../api/generated/all.ts';
import { amount, count, listOf, may, name, need, oneOf, or, ordinal, record, text, time } from './check.ts';
import { agent } from './check-agent-status.ts';
import { condition } from './check-condition.ts';
import { completion, integration, kept, refusal, rounds, verification } from './check-git-status.ts';

const phase = oneOf(PHASE);

/** What a project's status says that is worth nothing by itself; every decision is made from a new look. */
export const EMPTY_STATUS: ProjectStatus = { observedGeneration: 0, phase: 'Pending', conditions: [], agents: [] };

const result = oneOf<Attempt['result']>({ Completed: true, Failed: true });

/** Where the stage is lost, so is all else: the attempt is counted anew from what is seen. */
const run = record<RunStatus>({
  attempt: or(ordinal, 1),
  stage: need(
    oneOf<RunStatus['stage']>({
      Waiting: true,
      Active: true,
      TimingOut: true,
      Verifying: true,
      Ending: true,
      BackingOff: true,
      Finished: true,
    }),
  ),
  stageSince: need(time),
  startedAt: may(time),
  activeSeconds: or(amount, 0),
  countedAt: may(time),
  extensions: or(count, 0),
  heartbeatAt: may(time),
  deadlineAt: may(time),
  leftSeconds: may(amount),
  nextAttemptAt: may(time),
  result: may(result),
  reason: may(text),
  message: may(text),
  finishedAt: may(time),
  generation: may(count),
  inputs: may(text),
  allowances: may(
    listOf(oneOf<NonNullable<RunStatus['allowances']>[number]>({ LoginTrouble: true, RecentActivity: true })),
  ),
  heartbeatSeconds: may(amount),
  priorRuns: may(listOf(text)),
  expiredAt: may(time),
  metSince: may(time),
  endedSince: may(time),
  worked: may(listOf(name)),
  rounds: may(rounds),
  refused: may(refusal),
});

const attempt = record<Attempt>({
  attempt: need(ordinal),
  result: need(result),
  reason: need(text),
  message: may(text),
  startedAt: may(time),
  finishedAt: need(time),
});

export const projectStatus = record<ProjectStatus>({
  observedGeneration: or(count, 0),
  phase: or(phase, 'Pending'),
  conditions: or(listOf(condition), []),
  agents: or(listOf(agent), []),
  run: may(run),
  attempts: may(listOf(attempt)),
  base: may(name),
  completion: may(completion),
  integration: may(integration),
  verification: may(verification),
  kept: may(listOf(kept)),
  session: may(record<SessionRef>({ server: need(name), id: need(name), name: need(name) })),
});
