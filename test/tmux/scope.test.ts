import { expect, test } from 'vitest';
import { scopeUnit, scopeWords } from '../../controller/tmux/scope.ts';

const SERVICE = { INVOCATION_ID: '0123' };

test('outside of a service there is no scope', () => {
  expect(scopeWords({ PATH: '/bin', INVOCATION_ID: '' }, 1000, 'u')).toEqual([]);
});

test.each([
  ["a person's service", SERVICE, 1000, true],
  ["root's own user service", { ...SERVICE, MANAGERPID: '6' }, 0, true],
  ["the machine's service of root", SERVICE, 0, false],
])('%s asks the manager that runs it', (_, env, uid, isUser) => {
  for (const words of scopeWords(env, uid, 'muxlet-tmux-web-1')) {
    expect(words[0]).toBe('systemd-run');
    expect(words.includes('--user')).toBe(isUser);
    expect(words).toContain('--unit=muxlet-tmux-web-1');
    expect(words.at(-1)).toBe('--');
  }
});

test('one process that the kernel ends for want of memory does not take the server along, where scopes know of that', () => {
  const [first, second] = scopeWords(SERVICE, 1000, 'u');
  expect(first).toContain('--property=OOMPolicy=continue');
  expect(second?.join(' ')).not.toContain('OOMPolicy');
});

test('a scope has a name that a server of before cannot have', () => {
  expect(scopeUnit('team.1', 'ab12')).toBe('muxlet-tmux-team.1-ab12');
});
