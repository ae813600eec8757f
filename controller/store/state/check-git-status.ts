import type {
  CompletionStatus,
  GitStatus,
  IntegrationStatus,
  KeptWork,
  Refusal,
  RoundsStatus,
  RuleStatus,
  VerificationStatus,
  WorkTreeStatus,
} from '../../api/generated/all.ts';
import { count, flag, listOf, may, name, need, oneOf, or, ordinal, record, text, time } from './check.ts';

export const workTree = record<WorkTreeStatus>({
  path: need(name),
  branch: may(name),
  base: may(name),
  state: or(
    oneOf<WorkTreeStatus['state']>({ Pending: true, Preparing: true, SettingUp: true, Ready: true, Failed: true }),
    'Pending',
  ),
  reason: may(text),
  message: may(text),
  log: may(text),
});

export const git = record<GitStatus>({
  state: or(oneOf<GitStatus['state']>({ Known: true, Unknown: true }), 'Unknown'),
  message: may(text),
  branch: may(name),
  head: may(name),
  base: may(name),
  ahead: may(count),
  behind: may(count),
  changed: may(count),
  untracked: may(count),
  operation: may(text),
  dirtySince: may(time),
  lastCommitAt: may(time),
  subject: may(text),
  remindedAt: may(time),
});

/** Where work lies must not be forgotten: all that is needed is whose it is. */
export const kept = record<KeptWork>({
  agent: need(name),
  path: may(text),
  branch: may(text),
  ref: may(text),
  commit: may(text),
  message: or(text, ''),
});

export const completion = record<CompletionStatus>({
  met: need(flag),
  rules: or(
    listOf(
      record<RuleStatus>({
        name: need(name),
        status: need(oneOf<RuleStatus['status']>({ True: true, False: true, Unknown: true })),
        message: or(text, ''),
        agents: may(listOf(name)),
        since: may(time),
      }),
    ),
    [],
  ),
});

export const integration = record<IntegrationStatus>({
  state: need(oneOf<IntegrationStatus['state']>({ Merging: true, Merged: true, Conflict: true, Failed: true })),
  branch: need(name),
  commit: may(name),
  merged: may(listOf(name)),
  agent: may(name),
  files: may(listOf(text)),
  message: may(text),
  round: may(count),
  backup: may(text),
  published: may(listOf(text)),
  at: may(time),
});

export const verification = record<VerificationStatus>({
  round: need(ordinal),
  state: need(oneOf<VerificationStatus['state']>({ Running: true, Passed: true, Failed: true })),
  commit: may(name),
  command: may(text),
  message: may(text),
  log: may(text),
  startedAt: may(time),
  finishedAt: may(time),
});

/** How often the team was asked is what keeps it from being asked for ever. */
export const rounds = record<RoundsStatus>({
  count: or(count, 0),
  refusals: or(count, 0),
  conflicts: or(count, 0),
  failures: or(count, 0),
  nextTryAt: may(time),
  seen: may(listOf(text)),
  heads: may(text),
});

export const refusal = record<Refusal>({
  at: need(time),
  reason: need(oneOf<Refusal['reason']>({ VerificationFailed: true, MergeConflict: true })),
  message: or(text, ''),
  told: or(listOf(name), []),
});
