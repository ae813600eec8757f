import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { type VerbWords, wordsOf } from '../../../controller/cli/completion/words.ts';
import { pathOf } from '../../../controller/cli/examples.ts';
import { buildProgram } from '../../../controller/cli/program.ts';
import { manualOf } from '../../../controller/cli/render/manual.ts';
import { bench } from '../harness.ts';

function verbsOf(verb: Command): Command[] {
  return [verb, ...verb.commands.filter((one) => !one.name().startsWith('_')).flatMap(verbsOf)];
}

/** Flags, and verbs with those above them. */
function flat({ options, below }: VerbWords, path = ''): string[] {
  return [
    ...options.map(({ long, short }) => long ?? short ?? ''),
    ...below.flatMap((one) => {
      const whole = `${path} ${one.name}`.trim();
      return [whole, ...flat(one, whole)];
    }),
  ];
}

describe('the manual page', () => {
  test('has every verb with its flags, and none that is hidden', async () => {
    const { deps } = await bench();
    const page = manualOf(await buildProgram(deps), '1.2.3');
    expect(page).toContain('.SS "muxlet create project <name> [command...] [flags]"');
    expect(page).toContain('\\fB\\-l, \\-\\-selector <labels>\\fR');
    expect(page).toContain('    muxlet service install\n');
    expect(page).not.toContain('__complete');
    expect(page).not.toContain('u2026');
  });

  test('is named in a list, without which npm does not install it', () => {
    expect(JSON.parse(readFileSync('package.json', 'utf8'))).toMatchObject({ man: ['dist/man/muxlet.1'] });
  });

  test('says all that help says, and so does completion, of every verb', async () => {
    const { deps } = await bench();
    const program = await buildProgram(deps);
    const page = manualOf(program, '1.2.3');
    const told = verbsOf(program).flatMap((verb) => [
      ...(verb.parent === null ? [] : [pathOf(verb)]),
      ...verb
        .createHelp()
        .visibleOptions(verb)
        .map(({ long, short }) => long ?? short ?? ''),
    ]);
    expect(told.length).toBeGreaterThan(200);
    const words = flat(wordsOf(program));
    for (const word of new Set(told)) {
      expect(page, word).toContain(word.replaceAll('-', '\\-'));
      expect(words, word).toContain(word);
    }
  });

  test('text means itself, whatever it begins with', () => {
    const program = new Command('muxlet').description(".TH \\fB 'x' é");
    expect(manualOf(program, '1')).toContain("\n\\&.TH \\efB 'x' \\[u00E9]\n");
  });
});

test('help goes as deep as the verbs do, and has examples', async () => {
  const { run } = await bench();
  const { code, out } = await run('help', 'create', 'project');
  expect(code).toBe(0);
  expect(out).toContain('--goal <goal>');
  expect(out).toMatch(/Examples:\n {2}# .+\n {2}muxlet create project/);
  expect((await run('create', 'project', '--help')).out).toBe(out);
  expect((await run('help')).out).toContain('Commands:');
  expect(await run('help', 'nothing')).toMatchObject({ code: 2, err: expect.stringContaining('"nothing"') });
});
