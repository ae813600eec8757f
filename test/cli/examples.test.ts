import type { Command } from 'commander';
import { beforeEach, describe, expect, test } from 'vitest';
import { EXAMPLES, pathOf } from '../../controller/cli/examples.ts';
import type { CliDeps } from '../../controller/cli/ports.ts';
import { buildProgram } from '../../controller/cli/program.ts';
import { addRun } from '../../controller/cli/run.ts';

/** The verbs that were run, by their paths, instead of what they do. */
let ran: string[];
let printed: string;
let program: Command;

beforeEach(async () => {
  ran = [];
  printed = '';
  const write = (text: string): void => {
    printed += text;
  };
  const deps = { version: '0', env: {}, stdout: { write }, stderr: { write } } as unknown as CliDeps;
  program = await buildProgram(deps);
  addRun(program, deps, async () => 0);
  for (const command of verbsOf(program)) command.action(() => void ran.push(pathOf(command)));
});

/** Those that people call, and theirs. */
function verbsOf(command: Command): readonly Command[] {
  const own = command.commands.filter((each) => !each.name().startsWith('__'));
  return own.flatMap((each) => [each, ...verbsOf(each)]);
}

/** What the shell hands to muxlet: the words behind it, up to a pipe or a redirection. */
function wordsOf(line: string): readonly string[] {
  const own = line.slice(line.indexOf('muxlet')).replace(/[|>)].*$/, '');
  return [...own.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '').slice(1);
}

test('there are examples for each verb, and for no other', () => {
  expect(Object.keys(EXAMPLES).sort()).toEqual(verbsOf(program).map(pathOf).sort());
  for (const [verb, examples] of Object.entries(EXAMPLES)) expect([verb, examples.length > 0]).toEqual([verb, true]);
});

describe.each(Object.entries(EXAMPLES))('the examples of %s', (verb, examples) => {
  test.each(examples.map(({ line }) => line))('%s', async (line) => {
    await program.parseAsync(wordsOf(line), { from: 'user' });
    expect(ran).toHaveLength(1);
    // A verb with verbs of its own may show one of them.
    expect(`${ran[0]} `).toMatch(new RegExp(`^${verb} `));
  });
});

test('the help of a verb ends with them', async () => {
  await program.parseAsync(['create', 'agentclass', '--help'], { from: 'user' }).catch(() => undefined);
  expect(printed).toMatch(/\nExamples:\n {2}# A class .*\n {2}muxlet create agentclass sleeper .*\n$/);
});
