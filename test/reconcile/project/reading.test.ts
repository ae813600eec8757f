import { expect, test } from 'vitest';
import type { AgentStatus } from '../../../controller/api/generated/all.ts';
import { needEvents } from '../../../controller/reconcile/project/reading.ts';

const agent = (state: AgentStatus['state'], reason: string, rule: string): AgentStatus => ({
  name: 'dev',
  uid: 'u',
  class: 'claude',
  state,
  reason,
  rule,
  ready: true,
  restarts: 0,
  failures: 0,
});

test.each([
  ['Waiting', 'PermissionPrompt', 'Warning', 'WaitingForInput'],
  // The account says the Warning, once for all of them.
  ['Limited', 'UsageLimit', 'Normal', 'Limited'],
  ['NeedsAuth', 'LoginLost', 'Normal', 'NeedsAuth'],
] as const)('an agent that comes to be %s (%s) is told of as %s %s, once', (state, dialog, type, reason) => {
  const now = agent(state, dialog, 'now');
  expect(needEvents(agent('Busy', 'Turn', 'before'), now)).toEqual([{ type, reason, message: `agent dev: ${dialog}` }]);
  expect(needEvents(now, now)).toEqual([]);
});

test('one that has not come up in its time, nobody knows why, is told of once', () => {
  const now = agent('Unknown', 'NoEvidence', 'now');
  const told = [{ type: 'Warning', reason: 'NoEvidence', message: 'agent dev: NoEvidence' }];
  expect(needEvents(agent('Starting', 'Starting', 'before'), now)).toEqual(told);
  expect(needEvents(now, now)).toEqual([]);
  // It is up, and nothing tells of it for a moment.
  expect(needEvents(agent('Busy', 'Turn', 'before'), now)).toEqual([]);
});
