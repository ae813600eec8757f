import { expect, test } from 'vitest';
import type { AgentStatus } from '../../../controller/api/generated/all.ts';
import { decideClass } from '../../../controller/reconcile/agentclass/decide.ts';
import { isWanted } from '../../../controller/reconcile/alert/matches.ts';
import { occurrenceOf } from '../../../controller/reconcile/alert/occurrence.ts';
import { policyOf } from '../../../controller/reconcile/alert/policy.ts';
import { needEvents } from '../../../controller/reconcile/project/reading.ts';
import { classInput, member, NOW } from '../agentclass/class-world.ts';
import { eventOf } from './support.ts';

const TEAM = ['lead', 'dev', 'test', 'docs', 'ops'];

const agent = (name: string, state: AgentStatus['state'], reason: string): AgentStatus => ({
  name,
  uid: name,
  class: 'coder',
  state,
  reason,
  rule: reason,
  ready: true,
  restarts: 0,
  failures: 0,
  run: 'r',
});

test.each([
  ['Limited', 'UsageLimit'],
  ['NeedsAuth', 'LoginLost'],
] as const)('[S98] of five agents of an account that are %s, a person is told one thing: %s', (state, reason) => {
  const members = TEAM.map((name) => member(name, { state, reason, limitEndsAt: NOW + 3_600_000 }));
  const before = decideClass(classInput({ members: TEAM.map((name) => member(name, {})) })).status;
  const ofAccount = decideClass(classInput({ members, previous: before })).events.map((note) =>
    eventOf({ ...note, involvedObject: { kind: 'AgentClass', name: 'coder' } }),
  );
  const ofAgents = TEAM.flatMap((name) =>
    needEvents(agent(name, 'Busy', 'Turn'), agent(name, state, reason)).map((note) =>
      eventOf({ ...note, related: { kind: 'Agent', name: `web.${name}` } }),
    ),
  );
  expect(ofAgents).toHaveLength(5);
  const policy = policyOf({ receivers: [] });
  const told = [...ofAccount, ...ofAgents].map((event) => occurrenceOf(event, () => ({})));
  expect(told.filter((one) => isWanted(one, policy))).toMatchObject([{ kind: 'AgentClass', name: 'coder', reason }]);
  expect([...ofAccount, ...ofAgents].filter(({ type }) => type === 'Warning')).toMatchObject([{ reason }]);
});
