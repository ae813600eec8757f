import { describe, expect, test } from 'vitest';
import { blocksOf } from './support/blocks.ts';
import { commandsOf } from './support/commands.ts';
import { matches, matchesInAnyOrder } from './support/matches.ts';

const page = (...lines: string[]): string => lines.join('\n');
const blocks = (...lines: string[]) => blocksOf(page(...lines), 'page.md');

describe('the blocks of a page', () => {
  test('have their language, their line, and their text without the indentation of the fence', () => {
    expect(blocks('# Page', '', '- a', '  ```sh', '  ls', '    -l', '  ```')).toEqual([
      { page: 'page.md', line: 4, language: 'sh', lines: ['ls', '  -l'] },
    ]);
  });

  test('bear the marks that stand right before them, and no others', () => {
    const [first, second] = blocks(
      '<!-- not run: needs an account -->',
      '```sh',
      'ls',
      '```',
      '<!-- before: cd ~',
      'mkdir x -->',
      '',
      '<!-- file: ~/x.yaml -->',
      '```yaml',
      'x: 1',
      '```',
    );
    expect(first).toMatchObject({ notRun: 'needs an account' });
    expect(second).toMatchObject({ before: 'cd ~\nmkdir x', file: '~/x.yaml' });
    expect(second).not.toHaveProperty('notRun');
    expect(blocks('<!-- not run: needs an account -->', 'Text.', '```sh', 'ls', '```')[0]).not.toHaveProperty('notRun');
  });

  test('are none of them run where the page says so', () => {
    expect(blocks('<!-- page not run: needs systemd -->', '```sh', 'ls', '```')[0]).toMatchObject({
      notRun: 'needs systemd',
    });
  });

  test('must end', () => {
    expect(() => blocks('```sh', 'ls')).toThrow('page.md:1');
  });
});

describe('the commands of a block', () => {
  const commands = (...lines: string[]) => blocks(...lines).flatMap(commandsOf);

  test('stand behind `$ ` in console, each with what it prints', () => {
    expect(
      commands('```console', '$ ls', 'a', '', 'b', '', '$ for x in a; do', '> echo x', '> done', 'x', '```'),
    ).toEqual([
      { line: 2, text: 'ls', output: ['a', '', 'b'] },
      { line: 7, text: 'for x in a; do\necho x\ndone', output: ['x'] },
    ]);
  });

  test('are the lines of a script, but for comments, with what they go on with', () => {
    expect(commands('```sh', '# so', 'ls \\', '  -l', 'cat > x <<EOF', 'EOFs', 'EOF', 'pwd', '```')).toEqual([
      { line: 3, text: 'ls \\\n  -l' },
      { line: 5, text: 'cat > x <<EOF\nEOFs\nEOF' },
      { line: 8, text: 'pwd' },
    ]);
    const loop = ['for a in b; do', '  cat > $a <<EOF', 'x', 'EOF', '  ls', 'done'];
    expect(commands('```sh', ...loop, 'pwd', '```')).toEqual([
      { line: 2, text: loop.join('\n') },
      { line: 8, text: 'pwd' },
    ]);
  });

  test('are none in a file, and what is printed before any command is a mistake', () => {
    expect(commands('```sh', '#!/bin/sh', 'ls', '```')).toEqual([]);
    expect(() => commands('```console', 'a', '$ ls', '```')).toThrow("before any '$ '");
  });
});

describe('what is shown', () => {
  test.each([
    ['NAME   AGE\nweb    12s', 'NAME         AGE\nweb          3m4s\n'],
    ['web.dev   3322   %3   (2s ago)', 'web.dev 41 %12 (1m ago)'.replace('41', '410')],
    ['sent-mwqoonaw-b715fa8b', 'sent-abc-0123'],
    ['11:50:42  5ead67f  load 6.61, memory 4 %', '01:02:03  bf84dbf  load 0.10, memory 91 %'],
    ['a\n…\nd', 'a\nb\nc\nd'],
    ['a\n…', 'a'],
    ['agent writer: ended by signal 9 after 10.9 s: …', 'agent writer: ended by signal 9 after 0.3 s: x y'],
    ['gitsource/fleet …', 'gitsource/fleet reconciled'],
  ])('%j fits %j', (shown, printed) => {
    expect(matches(shown.split('\n'), printed)).toBe(true);
  });

  test.each([
    ['web   2/2   Running', 'web   1/2   Running'],
    ['RESTARTS\n1', 'RESTARTS\n2'],
    ['a', 'a\nb'],
    ['a\nb', 'a'],
    ['a\n…\nd', 'a\nb\nc'],
    ['a … c', 'a b d'],
    ['… c', 'c d'],
    ['Idle', 'Busy'],
    ['5ead67f', 'nothing'],
  ])('%j does not fit %j', (shown, printed) => {
    expect(matches(shown.split('\n'), printed)).toBe(false);
  });

  test('may come in any order where several report', () => {
    expect(matchesInAnyOrder(['a', 'b', '…'], 'b\nc\na')).toBe(true);
    expect(matchesInAnyOrder(['a', 'd'], 'b\nc\na')).toBe(false);
  });
});
