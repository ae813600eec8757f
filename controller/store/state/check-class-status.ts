import type { AgentClassStatus, LimitStatus, LoginStatus } from '../../api/generated/all.ts';
import { count, listOf, may, oneOf, or, record, text, time } from './check.ts';
import { condition } from './check-condition.ts';

/** What a class's status says is worth keeping only as far as it is whole: everything else is looked at anew. */
export const agentClassStatus = record<AgentClassStatus>({
  observedGeneration: or(count, 0),
  conditions: or(listOf(condition), []),
  agents: or(count, 0),
  program: may(text),
  version: may(text),
  login: may(
    record<LoginStatus>({
      lostAt: may(time),
      restoredAt: may(time),
      check: may(oneOf<NonNullable<LoginStatus['check']>>({ Passed: true, Failed: true })),
      filesAt: may(time),
      credential: may(text),
    }),
  ),
  limit: may(record<LimitStatus>({ since: may(time), until: may(time), waits: or(count, 0), endedAt: may(time) })),
});
