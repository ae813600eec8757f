import { expect, test } from 'vitest';
import type { ProjectOutcome } from '../../../controller/api/queueing.ts';
import { decide, entry, status } from './queue-world.ts';

const over = (name: string, result: ProjectOutcome['result']) =>
  entry(name, { claim: 'None', outcome: { result, failures: [] } });
const told = (events: readonly { readonly reason: string; readonly message: string }[]) =>
  events.filter(({ reason }) => reason === 'BatchOver').map(({ message }) => message);

test('once nothing runs or waits any more, it is told how it all ended', () => {
  const entries = [over('a', 'Completed'), over('b', 'Failed'), over('c', 'Completed'), over('d', undefined)];
  const { events } = decide({}, entries, { previous: status(['a']) });
  expect(told(events)).toEqual([
    'nothing runs or waits any more; of 4 projects: 2 completed, 1 failed (b), 1 ended otherwise',
  ]);
});

test('it is told once, and not of a queue that had nothing', () => {
  expect(told(decide({}, [over('a', 'Completed')], { previous: status([]) }).events)).toEqual([]);
  expect(told(decide({}, [], {}).events)).toEqual([]);
});

test.each([
  [
    'one still runs',
    { previous: status(['a', 'b']) },
    [over('a', 'Completed'), entry('b', { claim: 'Holds', mayRun: true })],
  ],
  ['one waits', { previous: status(['a']) }, [over('a', 'Completed'), entry('b', { hold: true })]],
  ['one was not looked at', { previous: status(['a']), notLooked: 1 }, [over('a', 'Completed')]],
  [
    'nobody knows of one that had a slot',
    { previous: status(['a', 'b']), unseen: new Set(['uid-b']) },
    [over('a', 'Completed')],
  ],
])('nothing is over while %s', (_, rest, entries) => {
  expect(told(decide({}, entries, rest).events)).toEqual([]);
});

test('of many that failed ten are named', () => {
  const entries = Array.from({ length: 12 }, (_, index) => over(`p${String(index).padStart(2, '0')}`, 'Failed'));
  const [message] = told(decide({}, entries, { previous: status(['p00']) }).events);
  expect(message).toMatch(/0 completed, 12 failed \(p00, p01, .*, p09, and 2 more\)$/);
});
