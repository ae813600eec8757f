import { expect, test } from 'vitest';
import type { Delivery } from '../../../controller/api/generated/all.ts';
import type { Mail } from '../../../controller/api/mail.ts';
import { compose } from '../../../controller/reconcile/mailbox/compose.ts';

const mail: Mail = {
  id: '0000000a',
  message: 'one',
  occurrence: 1,
  project: 'web',
  projectUid: 'p',
  agent: 'a',
  uid: 'u',
  text: 'Go.',
  priority: 0,
  dueAt: 0,
  queuedAt: 0,
  sequence: 1,
  state: 'Queued',
  tries: 0,
};
const composed = (text: string, delivery: Delivery = {}) => compose({ ...mail, text }, delivery, '/inbox/a.md');
const BY_FILE = { handed: '[msg 0000000a] Read and carry out /inbox/a.md' };

test('a line is handed over as it is, behind its mark', () => {
  expect(composed('Go on with $HOME.')).toEqual({ handed: '[msg 0000000a] Go on with $HOME.' });
});

test.each([
  ['several lines', 'one\ntwo', {}],
  ['what is too long', 'wide '.repeat(20).trim(), { maxChars: 80 }],
  ['what the class says', 'Look at @src', { byFile: ['@\\S*$'] }],
])('%s goes by a file, whole', (_, text, delivery) => {
  expect(composed(text, delivery)).toEqual({ ...BY_FILE, file: `${text}\n` });
});

test('what is not pasted, nobody reads as keys', () => {
  expect(composed('Look\nat @src', { method: 'File', byFile: ['@\\S*$'] })).toEqual({
    handed: '[msg 0000000a] Look\nat @src',
  });
});

test('a pattern that takes too long keeps a text out of the terminal', () => {
  expect(composed(`${'a'.repeat(60)}!`, { byFile: ['^(a+)+$'] })).toMatchObject(BY_FILE);
});

test('a command of the program itself goes as it stands', () => {
  const plain = { ...mail, text: '/compact', plain: true } as const;
  expect(compose(plain, { byFile: ['.'] }, '/inbox/a.md')).toEqual({ handed: '/compact' });
});
