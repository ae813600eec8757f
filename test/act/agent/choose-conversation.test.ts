import { expect, test } from 'vitest';
import { type ChoiceContext, chooseConversation } from '../../../controller/act/agent/choose-conversation.ts';
import type { AgentClassSpec } from '../../../controller/api/generated/all.ts';
import type { LaunchRecord } from '../../../controller/api/launch-record.ts';

const resume = { args: ['--resume'] };
const record: LaunchRecord = { run: '1-a', at: 1, mode: 'Start' };
const known: LaunchRecord = { ...record, conversation: 'old' };

type Row = readonly [
  what: string,
  program: AgentClassSpec,
  context: Partial<ChoiceContext>,
  expected: { readonly mode: string; readonly conversation?: string },
];

const ROWS: readonly Row[] = [
  [
    'a first start is given an id',
    { conversation: { id: 'Assigned' }, resume },
    {},
    { mode: 'Start', conversation: 'new' },
  ],
  [
    'what is there is gone on with',
    { conversation: { id: 'Assigned' }, resume },
    { record: known },
    { mode: 'Resume', conversation: 'old' },
  ],
  [
    'what never came about begins anew, under a new id',
    { conversation: { id: 'Assigned' }, resume },
    { record: known, exists: () => false },
    { mode: 'Start', conversation: 'new' },
  ],
  [
    'a class that cannot resume begins',
    { conversation: { id: 'Assigned' } },
    { record: known },
    { mode: 'Start', conversation: 'new' },
  ],
  [
    'an id that nobody named yet is not made up',
    { conversation: { id: 'Reported' }, resume },
    { record },
    { mode: 'Start' },
  ],
  [
    'a named one is gone on with',
    { conversation: { id: 'Reported' }, resume },
    { record: known },
    { mode: 'Resume', conversation: 'old' },
  ],
  ['without ids, a first start begins', { resume }, {}, { mode: 'Start' }],
  ['without ids, a later one goes on', { resume }, { record }, { mode: 'Resume' }],
  ['without ids, one that left nothing begins', { resume }, { record, exists: () => false }, { mode: 'Start' }],
];

test.each(ROWS)('[S65] %s', (_, program, context, expected) => {
  const all = { record: undefined, exists: () => true, newId: () => 'new', ...context };
  expect(chooseConversation(program, all)).toEqual(expected);
});
