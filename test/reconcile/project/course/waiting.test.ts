import { expect, test } from 'vitest';
import type { Admission } from '../../../../controller/api/admission.ts';
import { settle, smallWorld, step } from './small-world.ts';

type Waiting = Extract<Admission, { readonly type: 'Waiting' }>;

function waitingFor(reason: Waiting['reason']) {
  const world = smallWorld({ admission: { type: 'Waiting', reason, message: 'it waits' } });
  const { status, events } = step(world);
  return { phase: status.phase, stalled: status.conditions.find(({ type }) => type === 'Stalled'), events };
}

test.each(['UnknownQueue', 'NeverFits', 'DependencyMissing', 'DependencyFailed', 'DependencyCycle'] as const)(
  'who waits for what never comes by itself is Stalled, and a Warning says so: %s',
  (reason) => {
    const { phase, stalled, events } = waitingFor(reason);
    expect(phase).toBe('Queued');
    expect(stalled).toMatchObject({ status: 'True', reason, message: 'it waits' });
    expect(events).toEqual([expect.objectContaining({ type: 'Warning', reason, message: 'it waits' })]);
  },
);

test.each(['SlotsTaken', 'DependencyPending', 'Held', 'QueuePaused'] as const)(
  'who waits for a turn, or for what a person said, is not: %s',
  (reason) => {
    const { stalled, events } = waitingFor(reason);
    expect(stalled).toMatchObject({ status: 'False' });
    expect(events).toEqual([]);
  },
);

test('who is given no slot since none of its agents could be started is Stalled by that', () => {
  const obstacle = { reason: 'WorkingDirMissing', message: '/gone is not there' } as const;
  const admission = { type: 'Waiting', reason: 'NotInLine', message: 'it asks queue night for no slot' } as const;
  const seen = { obstacles: ['a', 'b'].map((agent) => ({ agent, ...obstacle })) };
  const { status, events } = step(smallWorld({ admission, seen }));
  const message = 'a: /gone is not there';
  for (const [type, is] of [
    ['Admitted', 'False'],
    ['Stalled', 'True'],
  ]) {
    const condition = status.conditions.find((one) => one.type === type);
    expect(condition).toMatchObject({ status: is, reason: 'WorkingDirMissing', message });
  }
  expect(events).toMatchObject([{ type: 'Warning', reason: 'WorkingDirMissing', message }]);
});

test('while its spec is not confirmed it is looked at by what is due, and not again and again', () => {
  const inLine = { type: 'Waiting', reason: 'SlotsTaken', message: 'it waits' } as const;
  expect(step(smallWorld({ admission: inLine, confirmed: false })).lookAgain).toEqual({ type: 'In', ms: 1000 });
  const world = smallWorld({ policy: 'Always', spec: { deadline: { after: '1m', extensions: 0 } } });
  settle(world);
  const due = (): number => {
    const { lookAgain } = step(world);
    return lookAgain?.type === 'In' ? lookAgain.ms : Number.POSITIVE_INFINITY;
  };
  while (due() > 1600) step(world, 1000);
  step(world, due() - 600);
  world.confirmed = false;
  expect(due()).toBe(600);
  step(world, 570);
  expect(due()).toBe(300);
});
