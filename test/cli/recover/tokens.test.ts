import { expect, test } from 'vitest';
import { createRedactor } from '../../../controller/cli/recover/secrets.ts';
import { flagValuesIn, withoutTokens } from '../../../controller/cli/recover/tokens.ts';

test.each([
  ['sk-ant-api03-made-up-key-of-a-test', '[removed]'],
  ['key ghp_abcdefghij0123456789abcdefghij012345.', 'key [removed].'],
  ['github_pat_11ABCDEFG0abcdefghij', '[removed]'],
  ['AKIAIOSFODNN7EXAMPLE', '[removed]'],
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-DEF', '[removed]'],
  ['Authorization: Bearer abcdefgh12345678', 'Authorization: Bearer [removed]'],
  ['https://me:hunter22@example.org/a.git', 'https://example.org/a.git'],
  ['agent --api-key hunter22 --model m', 'agent --api-key [removed] --model m'],
  ['agent --auth-token=hunter22', 'agent --auth-token=[removed]'],
  ["agent '--password' then", "agent '--password' then"],
  ['OPENAI_API_KEY=hunter22 codex', 'OPENAI_API_KEY=[removed] codex'],
  ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nafter', '[removed]\nafter'],
])('%s', (text, expected) => {
  expect(withoutTokens(text)).toBe(expected);
});

test.each([
  '--max-tokens 500',
  '--ssh-key /home/a/key',
  'the task-force',
  'a monkey=7',
  'https://example.org:8080/a@b',
])('%s stays', (text) => {
  expect(withoutTokens(text)).toBe(text);
});

test('what follows a secret flag in a list of arguments is taken out wherever else it stands', async () => {
  const spec = { agents: [{ args: ['--token', 'hunter22', '--model', 'm', '--secret=other-one'] }] };
  expect(flagValuesIn(spec)).toEqual(['hunter22', 'other-one']);
  expect(flagValuesIn(['--key', '--next', '--key-file', 'k', '--key', '/home/a'])).toEqual([]);
  const { text, value } = await createRedactor([spec], {}, '/home/a');
  expect(text('it says hunter22 and other-one')).toBe('it says [removed] and [removed]');
  expect(value(spec)).toEqual({ agents: [{ args: ['--token', '[removed]', '--model', 'm', '--secret=[removed]'] }] });
});
