import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Action } from '../../controller/api/action.ts';
import { agent, OWNER, STRANGER } from './support/agents.ts';
import { type RealTmux, withTmux } from './support/real-tmux.ts';

type Answer = Extract<Action, { readonly type: 'Answer' }>;

/** An agent that asks, and notes down what it is told. */
async function asking(tmux: RealTmux): Promise<{ readonly answer: Answer; readonly typed: () => string }> {
  const heard = join(tmux.directory, 'heard');
  const script = `stty raw -echo; printf 'Do you trust it?\\r\\n  1. Yes\\r\\n'; exec cat > ${heard}`;
  const agents = [{ ...agent('a'), argv: ['sh', '-c', script] }];
  expect(await tmux.carryOut({ type: 'CreateSession', owner: OWNER, server: tmux.server, agents })).toEqual({
    ok: true,
  });
  const pane = await tmux.pane('web', 'a', ({ processStart }) => processStart !== undefined);
  const end = Date.now() + 5000;
  while (!(await tmux.person('capture-pane', '-p', '-t', pane.id)).includes('1. Yes')) {
    if (Date.now() > end) throw new Error('it asks nothing');
  }
  const answer: Answer = {
    type: 'Answer',
    owner: OWNER,
    agent: 'a',
    dialog: 'TrustDialog',
    answer: 'accept',
    keys: ['1', 'Down', 'Enter'],
    pattern: '^Do you trust .*\\n +1\\. Yes$',
    pane: { server: tmux.server, id: pane.id, pid: pane.pid },
    process: { pid: pane.pid, startTime: pane.processStart ?? '' },
  };
  return { answer, typed: () => readFileSync(heard, 'utf8') };
}

test('[S121] the keys of an answer are typed while the question stands on the screen', () =>
  withTmux(async (tmux) => {
    const { answer, typed } = await asking(tmux);
    expect(await tmux.carryOut(answer)).toEqual({ ok: true });
    const end = Date.now() + 5000;
    while (typed() !== '1\x1b[B\r')
      if (Date.now() > end) throw new Error(JSON.stringify(typed()));
      else await new Promise((resolve) => setTimeout(resolve, 10));
  }));

test.each<[string, (answer: Answer) => Answer, boolean]>([
  ['another question stands there', (answer) => ({ ...answer, pattern: '^Do you trust that\\?' }), true],
  ['another process is there by now', (a) => ({ ...a, process: { ...a.process, startTime: '1' } }), true],
  ['the pane is not the project’s', (answer) => ({ ...answer, owner: STRANGER }), false],
])('[S121] nothing is typed where %s', (_, change, ok) =>
  withTmux(async (tmux) => {
    const { answer, typed } = await asking(tmux);
    const result = await tmux.carryOut(change(answer));
    expect(result).toMatchObject(ok ? { ok: true, idle: true } : { ok: false });
    await tmux.person('send-keys', '-t', answer.pane.id, 'z');
    const end = Date.now() + 5000;
    while (typed() === '' && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(typed()).toBe('z');
  }),
);

test('[S121] nothing is typed while a person scrolls in the pane', () =>
  withTmux(async (tmux) => {
    const { answer, typed } = await asking(tmux);
    await tmux.person('copy-mode', '-t', answer.pane.id);
    expect(await tmux.carryOut(answer)).toEqual({ ok: true, idle: true });
    expect(typed()).toBe('');
  }));

test('a first prompt of 100,000 bytes reaches the program whole', () =>
  withTmux(async (tmux) => {
    const prompt = `- line "one" $HOME #{pid} #(id) ; é\n\tline two 'three'\n`.repeat(2000).slice(0, 100_000);
    const heard = join(tmux.directory, 'prompt');
    const argv = ['sh', '-c', 'printf %s "$1" > "$0"; exec sleep 100', heard, prompt];
    const agents = [{ ...agent('a'), argv }];
    expect(await tmux.carryOut({ type: 'CreateSession', owner: OWNER, server: tmux.server, agents })).toEqual({
      ok: true,
    });
    const end = Date.now() + 5000;
    const read = () => {
      try {
        return readFileSync(heard, 'utf8');
      } catch {
        return '';
      }
    };
    while (read() !== prompt && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(read()).toBe(prompt);
  }));
