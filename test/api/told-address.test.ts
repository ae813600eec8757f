import { expect, test } from 'vitest';
import { toldAddress } from '../../controller/api/told-address.ts';

test.each([
  ['https://token@example.org/a.git', 'https://example.org/a.git'],
  ['https://bob:p@ss:word@example.org/a@b', 'https://example.org/a@b'],
  ['ssh://git@example.org/a', 'ssh://git@example.org/a'],
  ['ssh://git:secret@example.org/a', 'ssh://git@example.org/a'],
  ['git@example.org:a/b.git', 'git@example.org:a/b.git'],
  ['https://example.org/a.git?token=abc', 'https://example.org/a.git?[removed]'],
  [
    "fatal: unable to access 'https://u:p@example.org/a.git?token=abc/info/refs&service=x': it failed, see b@c.org",
    "fatal: unable to access 'https://example.org/a.git?[removed]': it failed, see b@c.org",
  ],
  ['is there https://example.org/? yes', 'is there https://example.org/? yes'],
  ['/srv/a?b', '/srv/a?b'],
])('%s is told as %s', (text, told) => {
  expect(toldAddress(text)).toBe(told);
  expect(toldAddress(told)).toBe(told);
});
