import { describe, expect, test } from 'vitest';
import type { AgentReading } from '../../../controller/api/agent-reading.ts';
import type { ProjectInput } from '../../../controller/api/decision.ts';
import type { AgentStatus } from '../../../controller/api/generated/all.ts';
import type { AgentPlan } from '../../../controller/reconcile/project/agent-plan.ts';
import { type Answering, planAnswer } from '../../../controller/reconcile/project/answering.ts';

const NOW = 1_700_000_000_000;
const PATTERN = '^Do you trust';
const DIALOGS = [{ name: 'TrustDialog', pattern: PATTERN, answers: { accept: ['1'] } }];
const APPROVALS = [{ dialog: 'TrustDialog', answer: 'accept' }];

interface World {
  readonly reading?: Partial<AgentReading> | undefined;
  readonly approvals?: readonly { dialog: string; answer: string }[];
  readonly before?: Answering['approval'];
  readonly now?: number;
  readonly life?: string;
  readonly next?: string;
}

function plan({ reading = {}, approvals = APPROVALS, before, now = NOW, life = 'Running', next = 'Keep' }: World) {
  const pane = { server: 's', id: '%1', pid: 7, processStart: '99', mark: { run: 'r1' } };
  const previous = { run: 'r1', ...(before !== undefined && { approval: before }) } as AgentStatus;
  const desired = { approvals, program: { dialogs: DIALOGS } };
  const view = { name: 'dev', life: { type: life, pane }, desired, previous };
  const shown = { agent: 'dev', run: 'r1', state: 'Waiting', reason: 'TrustDialog', at: NOW - 50, ...reading };
  const input = { meta: { name: 'web', uid: 'u' }, observed: { readings: [shown] }, now };
  return planAnswer({ view, next: { type: next } } as unknown as AgentPlan, input as unknown as ProjectInput);
}

describe('a dialog', () => {
  test('that the project approved is answered at once, with what its class says', () => {
    const { actions, approval } = plan({});
    expect(actions).toMatchObject([
      { type: 'Answer', agent: 'dev', keys: ['1'], pattern: PATTERN, process: { pid: 7, startTime: '99' } },
    ]);
    expect(approval).toMatchObject({ dialog: 'TrustDialog', answer: 'accept', state: 'Answering', tries: 1 });
  });

  test('[S128] is answered at a limit as well, where the program asks what is to be done about it', () => {
    expect(plan({ reading: { state: 'Limited' } }).actions).toHaveLength(1);
    expect(plan({ reading: { state: 'Limited', reason: 'UsageLimit' } }).actions).toEqual([]);
  });

  test.each<[string, World]>([
    ['nobody approved it', { approvals: [] }],
    ['another one is approved', { approvals: [{ dialog: 'PermissionPrompt', answer: 'once' }] }],
    ['the class knows no such answer', { approvals: [{ dialog: 'TrustDialog', answer: 'forever' }] }],
    ['another one is open', { reading: { reason: 'BypassDialog' } }],
    ['the agent does something else', { reading: { state: 'Busy' } }],
    ['it is not known what it does', { reading: { state: 'Unknown' } }],
    ['an earlier run was read', { reading: { run: 'r0' } }],
    ['the agent is being ended', { next: 'Ending' }],
    ['the process has ended', { life: 'Ended' }],
  ])('[S121] is not answered if %s', (_, world) => {
    expect(plan(world).actions).toEqual([]);
  });

  test('[S121] that stays is answered three times, ever later, and then given up', () => {
    let before: Answering['approval'];
    const answered: number[] = [];
    for (let now = NOW; now < NOW + 60_000; now += 100) {
      const { approval, actions } = plan({ before, now });
      if (actions.length > 0) answered.push(now - NOW);
      before = approval;
    }
    expect(answered).toEqual([0, 1000, 6000]);
    expect(before).toMatchObject({ state: 'GivenUp', tries: 3 });
  });

  test('is one and the same, though nothing was read for a while', () => {
    const { approval: before } = plan({});
    const { approval } = plan({ before, reading: { state: 'Unknown' }, now: NOW + 100 });
    expect(plan({ before: approval, now: NOW + 200 }).actions).toEqual([]);
  });

  test('of the same name that comes next is answered too, a second later at the earliest', () => {
    const { approval: before } = plan({});
    const reading = { at: NOW + 300 };
    const early = plan({ before, reading, now: NOW + 400 });
    expect(early.actions).toEqual([]);
    expect(early.dueInMs).toBe(600);
    expect(plan({ before: early.approval, reading, now: NOW + 900 }).actions).toEqual([]);
    expect(plan({ before: early.approval, reading, now: NOW + 1000 }).actions).toHaveLength(1);
  });
});
