import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { blocksOf, pagePaths, readPage } from './support/blocks.ts';
import { commandsOf, isTerminal } from './support/commands.ts';
import { mentionsOf } from './support/mentions.ts';
import { muxletLines, usageFault } from './support/muxlet-lines.ts';
import {
  BESIDE_A_CONTROLLER,
  BESIDE_THE_EXAMPLE,
  FIRST_OF_COOKBOOK,
  FROM_NOTHING,
  isRecord,
  ON_ONE_MACHINE,
} from './support/walks.ts';

// What no test runs is parsed at least: verbs and flags by the program's own parser, the rest by the shell.

const pages = pagePaths();
const blocks = pages.flatMap((page) => blocksOf(readPage(page), page));
const SCRIPTS = (JSON.parse(readPage('package.json')) as { scripts: Record<string, string> }).scripts;
const LANGUAGES = ['console', 'sh', 'text', 'yaml', 'json', 'js', 'ini', 'mermaid', 'diff', 'xml'];

test('every fence says what it holds: `console` (commands behind `$ `, and what they print), `sh`, `yaml`, `text` …', () => {
  const wrong = blocks.filter(({ language }) => !LANGUAGES.includes(language));
  expect(wrong.map(({ page, line, language }) => `${page}:${line}: ${language || 'nothing'}`)).toEqual([]);
});

test('every page with commands is followed by a test, or says why it is not', () => {
  const followed = [
    ...FROM_NOTHING,
    ...BESIDE_THE_EXAMPLE,
    ...BESIDE_A_CONTROLLER,
    ...ON_ONE_MACHINE,
    FIRST_OF_COOKBOOK,
  ];
  const runnable = blocks.filter(
    (block) => block.notRun === undefined && commandsOf(block).length > 0 && !isRecord(block.page),
  );
  expect([...new Set(runnable.map(({ page }) => page))].filter((page) => !followed.includes(page))).toEqual([]);
  expect(followed.filter((page) => !pages.includes(page))).toEqual([]);
});

test('every mark of a page is one that is known, and says why', () => {
  const known = /^<!-- (?:(?:page )?not run: .{10,}|before:\s|file: \S+ -->)/;
  const wrong = pages.flatMap((page) =>
    [...readPage(page).matchAll(/^ *(?<mark><!--[^\n]*)/gm)]
      .map(({ groups }) => groups?.['mark'] ?? '')
      .filter((mark) => !known.test(mark))
      .map((mark) => `${page}: ${mark}`),
  );
  expect(wrong).toEqual([]);
});

describe('every command line of muxlet has verbs and flags that there are', () => {
  test.each(pages)('%s', async (page) => {
    const inBlocks = blocks
      .filter((block) => block.page === page)
      .flatMap((block) => [
        ...commandsOf(block),
        ...(block.language === 'sh' && !isTerminal(block) ? [{ line: block.line, text: block.lines.join('\n') }] : []),
        ...(block.before === undefined ? [] : [{ line: block.line, text: block.before }]),
      ]);
    const faults = [
      ...inBlocks.map(({ line, text }) => faultsOf(page, line, text, false)),
      ...mentionsOf(readPage(page)).map(({ line, text }) => faultsOf(page, line, text, true)),
    ];
    expect((await Promise.all(faults)).flat()).toEqual([]);
  });
});

async function faultsOf(page: string, line: number, text: string, isMention: boolean): Promise<string[]> {
  if (isRecord(page)) return [];
  const lines = muxletLines(text);
  const usage = await Promise.all(lines.map((argv) => usageFault(argv, isMention)));
  const scripts = [...text.matchAll(/(?<!-- )\bnpm run (?:-s |--silent )?(?<name>[\w:]+)/g)].map(
    ({ groups }) => groups?.['name'] ?? '',
  );
  return [
    ...lines.flatMap((argv, at) =>
      usage[at] === undefined ? [] : [`${page}:${line}: muxlet ${argv.join(' ')}: ${usage[at]}`],
    ),
    ...scripts
      .filter((name) => !(name in SCRIPTS))
      .map((name) => `${page}:${line}: npm run ${name}: there is no such script`),
  ];
}

test('a verb, a flag or a script that is not there is found', async () => {
  const faults = (text: string): Promise<string[]> => faultsOf('page.md', 1, text, false);
  for (const text of [
    'npx muxlet gt projects',
    'muxlet get projects --all-of-them',
    'git log | muxlet sned -',
    'x=$(muxlet get --nosuch)',
    'muxlet attach',
    'npm start -- --nosuch',
    'npm run nosuch',
  ])
    expect(await faults(text), text).toHaveLength(1);
  for (const text of [
    "echo 'muxlet gt'",
    'muxlet get agents -o wide   # muxlet gt',
    'muxlet --state x get agents',
    'npm start',
  ])
    expect(await faults(text), text).toEqual([]);
});

test('every command is one that a shell can read', () => {
  const script = blocks
    .flatMap((block) => commandsOf(block).map(({ text, line }) => ({ text, place: `${block.page}:${line}` })))
    .map(({ text, place }) => `# ${place}\n${text.replaceAll(/<(?<name>[a-z]+(?: [a-z]+)*)>/g, '$<name>')}\n`);
  execFileSync('bash', ['-n'], { input: script.join('') });
});
