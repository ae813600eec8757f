import type { AlertPolicy } from '../../api/alerting.ts';
import type { AlertSpec } from '../../api/generated/all.ts';
import { intervalMs } from '../../api/interval.ts';
import type { Reason } from '../../api/reasons.ts';

/** An Alert's spec with its defaults; they are those of its schema. */
export function policyOf({ on, except, group = {}, limit = {} }: AlertSpec): AlertPolicy {
  return {
    on: on ?? DEFAULT_ON,
    except: except ?? [],
    by: group.by ?? [],
    waitMs: intervalMs(group.wait ?? '30s'),
    intervalMs: intervalMs(group.interval ?? '5m'),
    repeatMs: intervalMs(group.repeat ?? '4h'),
    limit: limit.count ?? 20,
    limitMs: intervalMs(limit.per ?? '1h'),
  };
}

/** What nobody who leaves `on` out would forgive us not to have told. */
const DEFAULT_ON: AlertPolicy['on'] = [
  {
    kinds: ['Agent'],
    // Not NeedsAuth and Limited: they are the account's, and said of its class.
    reasons: ['WaitingForInput', 'DialogUnanswered', 'NoEvidence', 'ReportedBlocked'] satisfies Reason[],
  },
  {
    kinds: ['Project'],
    reasons: [
      'Completed',
      'AgentFailed',
      'CompletionNotMet',
      'DeadlineExceeded',
      'RecoveriesExhausted',
      'VerificationFailed',
    ] satisfies Reason[],
  },
  { kinds: ['AgentClass'], reasons: ['NotLoggedIn', 'LoginLost', 'UsageLimit'] satisfies Reason[] },
  { kinds: ['Queue'], reasons: ['BatchOver', 'BreakerOpened'] satisfies Reason[] },
];
