import { expect, test } from 'vitest';
import { compareSent } from './received.ts';

const sent = [
  { id: '0000000a', text: 'first' },
  { id: '0000000b', text: 'two\nlines' },
  { id: '0000000c', text: 'third' },
];
const contentOf = (path: string) => (path === '/b.md' ? 'two\nlines\n' : '');
const compare = (...prompts: readonly string[]) => compareSent(sent, { prompts, contentOf });

test('what came whole, once and in order is good, alone or together, in words or by a file', () => {
  expect(
    compare(
      'You are a tester.',
      '[msg 0000000a] first',
      '[msg 0000000b] Read and carry out /b.md\n[msg 0000000c] third',
    ),
  ).toEqual({ good: 3, wrong: [] });
});

test('who sent it is no part of the text', () => {
  expect(
    compareSent([{ id: '0000000a', text: 'first' }], { prompts: ['[msg 0000000a from lead] first'], contentOf }),
  ).toEqual({ good: 1, wrong: [] });
});

test.each([
  ['what never came', ['[msg 0000000a] first', '[msg 0000000c] third'], '1: 0000000b never came'],
  [
    'what came twice',
    ['[msg 0000000a] first', '[msg 0000000a] first', '[msg 0000000b] two\nlines', '[msg 0000000c] third'],
    '0: 0000000a came 2 times',
  ],
  [
    'what came cut off',
    ['[msg 0000000a] first', '[msg 0000000b] two', '[msg 0000000c] third'],
    '1: 0000000b is "two" instead of "two\\nlines"',
  ],
  [
    'what came with more than was sent',
    ['[msg 0000000a] first! second', '[msg 0000000b] two\nlines', '[msg 0000000c] third'],
    '0: 0000000a is "first! second" instead of "first"',
  ],
  [
    'what overtook another',
    ['[msg 0000000a] first', '[msg 0000000c] third', '[msg 0000000b] two\nlines'],
    '2: 0000000c came before one that was sent earlier',
  ],
])('%s is wrong', (_, prompts, line) => {
  expect(compare(...prompts)).toEqual({ good: 2, wrong: [expect.stringContaining(line)] });
});

test('what nobody sent is wrong', () => {
  const prompts = ['[msg 0000000a] first', '[msg 0000000b] two\nlines', '[msg 0000000c] third', '[msg 0000000d] more'];
  expect(compare(...prompts)).toEqual({ good: 3, wrong: [expect.stringContaining('0000000d was never sent')] });
});

test('what muxlet says of its own accord is not', () => {
  const prompts = ['[msg 0000000d] You were started again.'];
  expect(compareSent([], { prompts, contentOf, isOwnWord: (id) => id === '0000000d' }).wrong).toEqual([]);
});
