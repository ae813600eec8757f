import { expect, test } from 'vitest';
import type { Mail } from '../../../controller/api/mail.ts';
import { notAhead } from '../../../controller/reconcile/mailbox/not-ahead.ts';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const HOUR = 3_600_000;

const MAIL: Mail = {
  id: '0a1b2c3d',
  message: 'hello',
  occurrence: 1,
  project: 'web',
  projectUid: 'p',
  agent: 'dev',
  uid: 'a',
  text: 'hello',
  priority: 0,
  dueAt: NOW,
  queuedAt: NOW,
  sequence: 1,
  state: 'Typed',
  tries: 1,
  typedAt: NOW - 3000,
  enterAt: NOW - 2000,
  nextTryAt: NOW + 5000,
};

test('[S79] what was done before is left as it is', () => {
  expect(notAhead(MAIL, NOW)).toBe(MAIL);
});

test('[S79] what was done at a time that is yet to come was done now: the clock was set back', () => {
  const back = NOW - HOUR;
  expect(notAhead(MAIL, back)).toEqual({ ...MAIL, typedAt: back, enterAt: back, nextTryAt: back });
});
