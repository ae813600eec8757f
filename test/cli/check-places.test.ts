import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkSeparate, checkSocketName } from '../../controller/cli/check-places.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muxlet-places-'));
  mkdirSync(join(root, 'specs'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const check = (specs: string, state: string) => () => {
  checkSeparate({ specs: join(root, specs), state: join(root, state) });
};

test('specs and state are two directories, of which neither stands in the other', () => {
  expect(check('specs', 'state')).not.toThrow();
  expect(check('specs', 'specs-state')).not.toThrow();
  expect(check('specs', 'specs')).toThrow(/cannot hold both/);
  expect(check('specs', 'specs/.muxlet/state')).toThrow(/state directory \S+ stands in the specs directory/);
  expect(check('state/specs', 'state')).toThrow(/specs directory \S+ stands in the state directory/);
  expect(() => checkSeparate({ specs: '/', state: '/var/lib/muxlet' })).toThrow(/stands in/);
});

test('links are followed, also where the last directory is not there yet', () => {
  symlinkSync('specs', join(root, 'link'));
  expect(check('link', 'specs')).toThrow(/cannot hold both/);
  expect(check('specs', 'link/state')).toThrow(/stands in/);
});

test.each(['', '.', 'a/b', '../x', 'a b', '-a', 'muxlet.1', 'a\n', 'x'.repeat(65)])(
  'a tmux server cannot be named %j',
  (name) => {
    expect(() => checkSocketName(name)).toThrow(/cannot be the name of a tmux server/);
  },
);

test.each(['muxlet', 'my-team_2', 'v1.0a', 't0a1b2c3d'])('a tmux server can be named %s', (name) => {
  expect(checkSocketName(name)).toBe(name);
});
