import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agent, OWNER } from './support/agents.ts';
import { withTmux } from './support/real-tmux.ts';

const SAMPLES = 24;
const PIECES = [
  "'",
  '"',
  '\\',
  '\n',
  '\r',
  '\t',
  '\x1b',
  '\x01',
  '\x7f',
  ';',
  ' ; ',
  '$',
  '$HOME',
  '`',
  '#',
  '##',
  '#{pane_id}',
  '#(id)',
  '#[bold]',
  '%1',
  '{',
  '}',
  '~',
  '*',
  '&&',
  'é',
  '字',
  '🦊',
  '--',
  '-t',
  ' ',
  'x',
];

const word = fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }).map((pieces) => pieces.join(''));
const words = fc.array(word, { maxLength: 4 });
const folder = word.filter((text) => text.trim() !== '');
const sample = fc.record({ argv: words, value: word, folder });

const TELL = `require('node:fs').writeFileSync(process.argv[1] + '.part', JSON.stringify({
  argv: process.argv.slice(2), value: process.env.SAMPLE, folder: process.cwd() }));
require('node:fs').renameSync(process.argv[1] + '.part', process.argv[1]); setInterval(() => {}, 1000)`;

for (const { way, sessionEnvironment, isSure } of [
  { way: '', sessionEnvironment: true, isSure: false },
  { way: ', also without a shell between', sessionEnvironment: true, isSure: true },
  { way: ', also before tmux 3.2', sessionEnvironment: false, isSure: false },
  { way: ', also before tmux 3.2 without a shell between', sessionEnvironment: false, isSure: true },
]) {
  test(`words, variables and directories arrive as they are${way}`, () =>
    withTmux(
      async (tmux) => {
        const samples = [
          { argv: ['#(touch hit)', 'a;', '\\'], value: "it's\n#{pane_id}\\", folder: "we're #(here);" },
          { argv: [], value: '#[bold]', folder: 'a#[bold]b##[c#d##e#' },
          ...fc.sample(sample, SAMPLES),
        ];
        const agents = samples.map(({ argv, value, folder: name }, index) => {
          const workingDir = join(tmux.directory, `${index}`, name);
          mkdirSync(workingDir, { recursive: true });
          const command = [process.execPath, '-e', TELL, '--', join(tmux.directory, `told-${index}`), ...argv];
          return agent(`a${index}`, command, { workingDir, env: [{ name: 'SAMPLE', value }] });
        });
        const result = await tmux.carryOut({ type: 'CreateSession', owner: OWNER, server: tmux.server, agents });
        expect(result).toEqual({ ok: true });
        for (const [index, { argv, value }] of samples.entries()) {
          const path = join(tmux.directory, `told-${index}`);
          await expect.poll(() => existsSync(path), { timeout: 15_000 }).toBe(true);
          const told: unknown = JSON.parse(readFileSync(path, 'utf8'));
          expect(told).toEqual({ argv, value, folder: agents[index]?.workingDir });
        }
      },
      { sessionEnvironment },
      isSure,
    ));
}
