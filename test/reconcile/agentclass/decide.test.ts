import { describe, expect, test } from 'vitest';
import type { AgentClassSpec } from '../../../controller/api/generated/all.ts';
import { type ClassDecision, decideClass, lookEveryMs } from '../../../controller/reconcile/agentclass/decide.ts';
import { classInput, iso, look, member, NOW } from './class-world.ts';

const reasons = ({ events }: ClassDecision): string[] => events.map(({ reason }) => reason);
const NEEDS_AUTH = { state: 'NeedsAuth' } as const;
const LIMITED = { state: 'Limited', limitEndsAt: NOW + 600_000 } as const;

describe('a person is told', () => {
  test('[S117] of each thing that is missing, once', () => {
    const found = look({
      program: { type: 'Missing', name: 'coder', path: '/bin' },
      login: { type: 'Failed', message: '' },
    });
    const first = decideClass(classInput({ look: found }));
    expect(reasons(first).sort()).toEqual(['NotLoggedIn', 'ProgramMissing']);
    expect(reasons(decideClass(classInput({ look: found, previous: first.status })))).toEqual([]);
  });

  test('[S118] [S119] of a login that is lost once, however many agents show it and for however long', () => {
    const members = ['a', 'b', 'c', 'd'].map((name) => member(name, NEEDS_AUTH));
    const first = decideClass(classInput({ members }));
    expect(first.events).toMatchObject([{ type: 'Warning', reason: 'LoginLost' }]);
    expect(first.events[0]?.message).toContain('4 agents');
    const more = [...members, member('e', { ...NEEDS_AUTH, at: NOW + 100 })];
    expect(reasons(decideClass(classInput({ members: more, previous: first.status, now: NOW + 1000 })))).toEqual([]);
  });

  test('[S124] of a limit that is reached, and that is over', () => {
    const members = [member('a', LIMITED), member('b', LIMITED)];
    const first = decideClass(classInput({ members }));
    expect(reasons(first)).toEqual(['UsageLimit']);
    const over = decideClass(classInput({ members, previous: first.status, now: NOW + 720_000 }));
    expect(reasons(over)).toEqual(['LimitOver']);
    expect(reasons(decideClass(classInput({ members, previous: over.status, now: NOW + 720_001 })))).toEqual([]);
  });
});

describe('the account is thought about again', () => {
  test('seldom while all is well, soon while it is not, and at the end of a limit', () => {
    expect(decideClass(classInput()).againMs).toBe(300_000);
    const lost = decideClass(classInput({ members: [member('a', NEEDS_AUTH)] }));
    expect(lost.againMs).toBe(10_000);
    expect(lookEveryMs(lost.status)).toBe(10_000);
    const soon = { ...LIMITED, limitEndsAt: NOW + 5000 };
    expect(decideClass(classInput({ members: [member('a', soon)] })).againMs).toBe(125_000);
  });
});

test('an agent that has ended says nothing of the account any more', () => {
  const { member: who, reading } = member('a', NEEDS_AUTH);
  const ended = { member: { ...who, alive: false }, ...(reading !== undefined && { reading }) };
  expect(decideClass(classInput({ members: [ended] })).status.login).toBeUndefined();
});

describe('[S129] [S130] when a limit is over', () => {
  const limit = { waits: 0, endedAt: iso(NOW) };
  const spec: AgentClassSpec = { ...classInput().spec, delivery: {}, limits: { goOn: 'go on' } };
  const previous = { ...decideClass(classInput()).status, limit };
  const words = (members: ReturnType<typeof member>[], more: AgentClassSpec = spec) =>
    decideClass(classInput({ spec: more, previous, members, now: NOW + 100 })).words;

  test('who stands where it stopped them is told to go on, by a word that is said once', () => {
    const told = words([member('a', LIMITED)]);
    expect(told).toMatchObject([{ agent: 'a', topic: 'limit-over', occasion: NOW, text: 'go on' }]);
    expect(told[0]?.manner.afterLimit).toBe(NOW);
  });

  test.each<[string, ReturnType<typeof member>[], AgentClassSpec?]>([
    ['went on by itself', [member('a', { state: 'Busy' })]],
    ['is at the next limit', [member('a', { ...LIMITED, at: NOW + 50 })]],
    ['goes on by itself', [member('a', LIMITED)], { ...spec, limits: { policy: 'own' } }],
    ['waits for a person', [member('a', LIMITED)], { ...spec, limits: { policy: 'wait' } }],
    ['cannot be spoken to', [member('a', LIMITED)], classInput().spec],
  ])('nobody is told who %s', (_, members, more) => {
    expect(words(members, more)).toEqual([]);
  });
});
