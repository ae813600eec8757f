import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isAuthentic } from '../../../controller/runtime/gitsources/webhook.ts';

const body = Buffer.from('{"ref":"refs/heads/main"}');
const SECRET = 'a secret';
const digits = createHmac('sha256', SECRET).update(body).digest('hex');

describe('whoever knows the secret is believed', () => {
  test.each([
    ['GitHub', { 'x-hub-signature-256': `sha256=${digits}` }],
    ['Gitea', { 'x-gitea-signature': digits }],
    ['Forgejo', { 'x-forgejo-signature': digits }],
    ['Gitea, which sends both forms', { 'x-hub-signature-256': `sha256=${digits}`, 'x-gitea-signature': digits }],
    ['GitLab', { 'x-gitlab-token': SECRET }],
  ])('%s', (_server, headers) => {
    expect(isAuthentic({ headers, body }, SECRET)).toBe(true);
    expect(isAuthentic({ headers, body }, 'another')).toBe(false);
    expect(isAuthentic({ headers, body: Buffer.from('{}') }, SECRET)).toBe('x-gitlab-token' in headers);
  });
});

test.each([
  ['no signature', {}],
  ['a signature without its form', { 'x-hub-signature-256': digits }],
  [
    'the old form, which is weak',
    { 'x-hub-signature': `sha1=${createHmac('sha1', SECRET).update(body).digest('hex')}` },
  ],
  ['an empty one', { 'x-hub-signature-256': 'sha256=' }],
  ['several', { 'x-gitea-signature': [digits, digits] }],
  [
    'a wrong one beside a right one of another server',
    { 'x-hub-signature-256': 'sha256=00', 'x-gitlab-token': SECRET },
  ],
])('nobody else is: %s', (_what, headers) => {
  expect(isAuthentic({ headers, body }, SECRET)).toBe(false);
});

test("an empty secret is nobody's", () => {
  const unkeyed = createHmac('sha256', '').update(body).digest('hex');
  expect(isAuthentic({ headers: { 'x-gitea-signature': unkeyed, 'x-gitlab-token': '' }, body }, '')).toBe(false);
});
