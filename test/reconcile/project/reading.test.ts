import { expect, test } from 'vitest';
import type { AgentStatus } from '../../../controller/api/generated/all.ts';
import type { AgentView } from '../../../controller/reconcile/project/agent-view.ts';
import { isUnheard, needEvents } from '../../../controller/reconcile/project/reading.ts';

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

const SILENT = { run: '1-a', state: 'Unknown', reason: 'NoEvidence', ready: false };
const HEARD = { ...SILENT, ready: true };

/** Its program runs, and what is read of it. */
function view({ more, previous, unread }: { more?: object; previous?: object; unread?: boolean }): AgentView {
  const nothing = { agent: 'dev', run: '1-a', state: 'Unknown', reason: 'NoEvidence', turns: { prompts: [] } };
  const reading = unread === true ? undefined : { ...nothing, ...more };
  return { reading, previous, life: { type: 'Running', pane: { mark: { run: '1-a' } } } } as unknown as AgentView;
}

test.each([
  { what: 'of which nothing was seen yet is', scene: {}, expected: true },
  { what: 'that told something in this run is not', scene: { more: { heard: true } }, expected: false },
  { what: 'not read yet, that was so before, is', scene: { unread: true, previous: SILENT }, expected: true },
  { what: 'not read yet, that had told something, is not', scene: { unread: true, previous: HEARD }, expected: false },
  {
    what: 'not read yet, whose run is another, is not',
    scene: { unread: true, previous: { ...SILENT, run: '0-a' } },
    expected: false,
  },
  { what: 'that took a prompt is not', scene: { more: { turns: { prompts: [{}] } } }, expected: false },
  {
    what: 'that has begun a turn is not',
    scene: { more: { turns: { prompts: [], last: 'Begins' } } },
    expected: false,
  },
  { what: 'whose sources disagree is not', scene: { more: { reason: 'SourcesDisagree' } }, expected: false },
  { what: 'that starts is not', scene: { more: { state: 'Starting', reason: 'Starting' } }, expected: false },
])('an agent $what unheard of', ({ scene, expected }) => {
  expect(isUnheard(view(scene))).toBe(expected);
});
