import { expect, test } from 'vitest';
import { tmuxIsNewEnough } from '../../scripts/bootstrap/programs.mjs';

test.each([
  ['tmux 3.0a', true],
  ['tmux 3.3a', true],
  ['tmux 3.4', true],
  ['tmux next-3.6', true],
  ['tmux 4.0', true],
  ['tmux master', true],
  ['tmux openbsd-7.5', true],
  ['tmux 3.0', false],
  ['tmux 3.0-rc5', false],
  ['tmux 2.9a', false],
  ['tmux 1.8', false],
])('%s is new enough: %s', (version, enough) => {
  expect(tmuxIsNewEnough(version)).toBe(enough);
});
