import { expect, test } from 'vitest';
import { mailContent } from '../../../controller/act/notify/mail-content.ts';
import { plainLine, plainText, shorten } from '../../../controller/act/notify/plain-text.ts';
import { createRedactor } from '../../../controller/act/notify/redactor.ts';
import { retryAfterMs } from '../../../controller/act/notify/retry-after.ts';
import { notification } from './support.ts';

test('text loses what acts instead of being shown, and keeps its lines', () => {
  expect(plainText('a\r\nb\rc\u2028d\te \u001b[31mred\u0000\u009b\u202eevil\ud800')).toBe(
    'a\nb\nc\nd\te [31mredevil\ufffd',
  );
  expect(plainLine('  a\r\n\tb\u2029c  ')).toBe('a b c');
});

test('what is too long ends with an ellipsis, and never in half a character', () => {
  expect(shorten('abcd', 4)).toBe('abcd');
  expect(shorten('abcde', 4)).toBe('abc…');
  expect(shorten('ab😀de', 4)).toBe('ab…');
});

test('a secret is taken out as it stands, in base64, in an address, and line by line; the longest first', () => {
  const { add, redact } = createRedactor();
  for (const secret of ['say "no"', 'pass word/1', 'pass word/1 and more', 'line one\nline two', 'abc', ''])
    add(secret);
  expect(redact('pass word/1 and more; pass word/1; pass%20word%2F1; line two')).toBe(
    '[redacted]; [redacted]; [redacted]; [redacted]',
  );
  expect(redact(`535 ${Buffer.from('pass word/1').toString('base64')}`)).not.toContain('cGFzcyB3b3JkLz');
  expect(redact(JSON.stringify({ you: 'say "no"' }))).toBe('{"you":"[redacted]"}');
  expect(redact('abc')).toBe('abc');
});

test('a server may ask for patience in seconds or by a date', () => {
  const now = Date.parse('2026-11-22T00:00:00Z');
  expect(retryAfterMs('7', now)).toBe(7000);
  expect(retryAfterMs('0.65', now)).toBe(650);
  expect(retryAfterMs('Sun, 22 Nov 2026 00:01:00 GMT', now)).toBe(60_000);
  expect(retryAfterMs('Sat, 21 Nov 2026 00:01:00 GMT', now)).toBe(0);
  expect(retryAfterMs('99999999', now)).toBe(86_400_000);
  for (const nothing of [undefined, '', 'soon', '-3x']) expect(retryAfterMs(nothing, now)).toBe(undefined);
});

test('a mail is known again by its Message-ID, and asks for no answer', () => {
  const told = notification({ title: 'a\r\nBcc: all@example.org', text: 'what\u001b[2J\nhappened\n' });
  const content = mailContent(told, 'Muxlet <muxlet@example.org>');
  expect(content).toMatchObject({
    subject: 'a Bcc: all@example.org',
    messageId: '<muxlet.n-1f2e3d@example.org>',
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Muxlet-Alert': 'oncall', 'X-Muxlet-Severity': 'warning' },
  });
  expect(content.text).toMatch(/^what\[2J\nhappened\n/);
  expect(mailContent(told, 'Muxlet <muxlet@example.org>')).toEqual(content);
  expect(mailContent(notification({ id: 'a@b>\r\nc' }), 'a@example.org').messageId).toMatch(
    /^<muxlet\.[0-9a-f]{32}@example\.org>$/,
  );
});
