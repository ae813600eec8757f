import { expect, test } from 'vitest';
import { featuresOf, parseVersion } from '../../controller/tmux/version.ts';

test.each([
  ['tmux 2.9a', false, false, false],
  ['tmux 3.0a', true, false, false],
  ['tmux 3.1c', true, false, false],
  ['tmux 3.2', true, true, false],
  ['tmux 3.2a', true, true, false],
  ['tmux 3.3a', true, true, true],
  ['tmux 3.4', true, true, true],
  ['tmux 3.5a', true, true, true],
  ['tmux 3.6b', true, true, true],
  ['tmux 3.7c', true, true, true],
  ['tmux next-3.6', true, true, true],
  ['tmux 3.4-rc2', true, true, true],
  ['tmux 10.0', true, true, true],
  ['tmux openbsd-7.4', true, true, true],
  ['tmux master', true, true, true],
])('%s: supported %s, new-session -e %s, pane_dead_signal %s', (text, supported, sessionEnvironment, deadSignal) => {
  const version = parseVersion(text);
  expect(version && featuresOf(version)).toEqual({
    supported,
    sessionEnvironment,
    clientFlags: sessionEnvironment,
    deadSignal,
  });
});

test.each(['', 'tmux', 'screen 4.9', 'command not found'])('%j is no version of tmux', (text) => {
  expect(parseVersion(text)).toBeUndefined();
});
