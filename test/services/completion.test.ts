import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MAIN, projectYaml, SLEEP, until } from '../e2e/support/world.ts';

// Real shells, with the real program behind them.

const root = mkdtempSync(join(tmpdir(), 'mx-shell-'));
const socket = `c${randomBytes(4).toString('hex')}`;
const env = {
  PATH: `${root}/bin:${process.env['PATH']}`,
  HOME: root,
  LANG: 'C.UTF-8',
  TERM: 'screen-256color',
  TMUX_TMPDIR: root,
};

beforeAll(() => {
  for (const folder of ['bin', 'specs', 'a folder']) mkdirSync(join(root, folder), { mode: 0o700 });
  symlinkSync(MAIN, join(root, 'bin', 'muxlet'));
  writeFileSync(join(root, 'specs', 'web.yaml'), projectYaml('web-shop', { dev: SLEEP, ops: SLEEP }));
});

afterAll(() => {
  execFile('tmux', ['-L', socket, 'kill-server'], { env }, () => rmSync(root, { recursive: true, force: true }));
});

const tmux = (...args: string[]): string => execFileSync('tmux', ['-L', socket, ...args], { env, encoding: 'utf8' });

const SHELLS = {
  bash: ['bash', '--norc', '--noprofile'],
  zsh: ['zsh', '-f'],
  fish: ['fish', '--no-config'],
} as const;
const LOAD = {
  bash: 'source <(muxlet completion bash)',
  zsh: 'autoload -Uz compinit && compinit -u; source <(muxlet completion zsh)',
  fish: 'muxlet completion fish | source',
} as const;

describe.each(['bash', 'zsh', 'fish'] as const)('in %s, with a person at the keys', (shell) => {
  test('Tab completes a verb, a name, an agent behind a slash and one behind a colon; an error is nothing', async () => {
    tmux('-f', '/dev/null', 'new-session', '-d', '-s', shell, '-x', '150', '-y', '50', '-c', root, ...SHELLS[shell]);
    const screen = () => tmux('capture-pane', '-p', '-J', '-t', `=${shell}:`);
    const type = (...keys: string[]) => tmux('send-keys', '-t', `=${shell}:`, ...keys);
    type('-l', `${LOAD[shell]}; echo load''ed`);
    type('Enter');
    await until('it is loaded', () => screen().includes('\nloaded'));
    for (const [typed, whole] of [
      ['muxlet descr', 'muxlet describe'],
      ['muxlet describe project web', 'muxlet describe project web-shop'],
      ['muxlet send --to web-shop/d', 'muxlet send --to web-shop/dev'],
      ['muxlet send --to role:devel', 'muxlet send --to role:developer'],
      ['muxlet logs web-shop -a o', 'muxlet logs web-shop -a ops'],
      ['muxlet run --log-format=jour', 'muxlet run --log-format=journal'],
      ['muxlet apply -f a', 'folder'],
    ] as const) {
      type('-l', typed);
      type('Tab');
      await until(`${whole} stands there`, () => screen().trimEnd().split('\n').at(-1)?.includes(whole));
      type('C-u');
      type('-l', 'clear');
      type('Enter');
      await until('it is clear', () => !screen().includes('muxlet'));
    }
    writeFileSync(join(root, 'specs', 'broken.yaml'), 'kind: [');
    type('-l', 'muxlet get nothing x');
    type('Tab');
    type('-l', 'y');
    await until('nothing came of it', () => /muxlet get nothing xy\s*$/.test(screen()));
    expect(screen()).not.toMatch(/error|Error|MUX_/);
    rmSync(join(root, 'specs', 'broken.yaml'));
    tmux('kill-session', '-t', `=${shell}`);
  });
});
