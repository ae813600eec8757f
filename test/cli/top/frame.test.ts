import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitColumns } from '../../../controller/cli/top/arrange.ts';
import { columnsOf } from '../../../controller/cli/top/columns.ts';
import type { View } from '../../../controller/cli/top/facts.ts';
import { drawFrame, rowsInView } from '../../../controller/cli/top/frame.ts';
import { HELP } from '../../../controller/cli/top/help.ts';
import type { Mode, Model } from '../../../controller/cli/top/model.ts';
import type { Line, Size } from '../../../controller/cli/top/scene.ts';
import { widthOf } from '../../../controller/cli/top/text.ts';
import { agentRow, factsOf, modelOf, NOW, projectRow, queueRow } from './support.ts';

const text = (line: Line | undefined): string => (line ?? []).map((span) => span.text).join('');

function draw(
  facts = factsOf([agentRow('web.dev')]),
  model: Model = modelOf(),
  size: Size = { columns: 80, rows: 24 },
) {
  return drawFrame({ facts, model, log: undefined, rows: rowsInView(facts, model, NOW), now: NOW }, size);
}

describe('a screen of 80 by 24', () => {
  test('says who runs, how it stands, and what each agent does', () => {
    const lines = draw(
      factsOf([agentRow('web.dev'), agentRow('web.ops', { state: 'Stuck', usage: undefined as never })]),
    ).map(text);
    expect(lines).toHaveLength(24);
    expect(lines[0]).toMatch(
      /^muxlet top - \d\d:\d\d:\d\d {2}controller up, last change 1s ago {2}cpu 1\.5% mem 3\.8M$/,
    );
    expect(lines[1]).toBe('* Agents 2  1 Busy  1 Stuck');
    expect(lines[2]).toBe('  Projects 2  2 Running');
    expect(lines[3]).toBe('  Queues 1  nightly 1/3 +2');
    expect(lines[4]).toBe('  NAME           STATE      CPU%   MEM   MSGS AHEAD COMMIT EVIDENCE     AGE RST');
    expect(lines[5]).toBe('> web.dev        Busy        1.5  3.8M    1/4     2    10m hook          3s   0');
    expect(lines[6]).toBe('  web.ops        Stuck         -     -    1/4     2    10m hook          3s   0');
  });

  test('says that nobody keeps it up to date', () => {
    expect(text(draw(factsOf([], { controller: undefined, asOf: NOW - 300_000 }))[0])).toContain(
      'NO CONTROLLER, data 5m old',
    );
  });

  test('has room for the help, and tells all keys at the bottom', () => {
    expect(HELP.length).toBeLessThanOrEqual(19);
    expect(Math.max(...HELP.map(widthOf))).toBeLessThanOrEqual(80);
    for (const view of ['Agents', 'Projects', 'Queues'] as const) {
      expect(text(draw(undefined, modelOf({ view })).at(-1))).toMatch(/q quit$/);
    }
  });

  test.each([
    ['Reset', 'Reset project web?'],
    ['Suspend', 'Suspend project web?'],
    ['Resume', 'Have project web go on?'],
  ] as const)('names what a %s is about', (verb, question) => {
    const mode: Mode = { type: 'Confirm', verb, target: { project: 'web' } };
    expect(text(draw(undefined, modelOf({ mode })).at(-1))).toContain(question);
  });
});

describe('columns', () => {
  test.each([
    [200, 16],
    [100, 12],
    [80, 10],
    [60, 7],
    [34, 3],
    [5, 1],
  ])('of %d columns the terminal has room for %d of the view', (width, count) => {
    const fitted = fitColumns(columnsOf('Agents'), width - 2, () => 12);
    expect(fitted).toHaveLength(count);
    expect(fitted[0]?.column.header).toBe('NAME');
  });

  test('come back in their order when there is room again', () => {
    const headers = columnsOf('Agents').map(({ header }) => header);
    for (let width = 5; width < 250; width += 1) {
      const shown = fitColumns(columnsOf('Agents'), width, () => 12).map(({ column }) => column.header);
      expect(shown).toEqual(headers.filter((header) => shown.includes(header)));
    }
  });
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('日本語日本語日本語日本語', '\u001b[2J\u001b[31m', '👨‍👩‍👧👍', 'a\nb', ''),
);

test('no line is wider than the screen, nor is there one too many, whatever anything is called', () => {
  const views: readonly View[] = ['Agents', 'Projects', 'Queues'];
  const modes = anyText.chain((typed) =>
    fc.constantFrom<Mode>(
      { type: 'Table' },
      { type: 'Help' },
      { type: 'Filter', before: '' },
      { type: 'Message', target: { project: typed, agent: typed }, text: typed },
      { type: 'Confirm', verb: 'Reset', target: { project: typed } },
      { type: 'Logs', target: { project: typed, agent: typed }, up: 1 },
    ),
  );
  const size = fc.record({ columns: fc.integer({ min: 1, max: 250 }), rows: fc.integer({ min: 1, max: 60 }) });
  fc.assert(
    fc.property(
      fc.array(anyText, { maxLength: 30 }),
      anyText,
      fc.record({ mode: modes, view: fc.constantFrom(...views) }),
      size,
      (names, word, { mode, view }, screen) => {
        const facts = factsOf(
          names.map((name) =>
            agentRow(name, { state: word, reason: word, message: name, evidence: word, branch: name }),
          ),
          {
            projects: names.map((name) => projectRow(name, { phase: word, queue: name, message: word })),
            queues: names.map((name) => queueRow(name, { state: word, head: name })),
            unreadable: word,
          },
        );
        const model = modelOf({ view, mode, notice: { type: 'Failed', text: word } });
        const log = { lines: names, state: 'Following' as const };
        const lines = drawFrame({ facts, model, log, rows: rowsInView(facts, model, NOW), now: NOW }, screen);
        expect(lines).toHaveLength(screen.rows);
        for (const line of lines) {
          expect(widthOf(text(line))).toBeLessThanOrEqual(screen.columns);
          expect(text(line)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
        }
      },
    ),
    { numRuns: 300 },
  );
});

describe('rows', () => {
  const facts = factsOf([
    agentRow('web.a', { usage: { cpu: 1, memory: 9, processes: 1 }, state: 'Idle' }),
    agentRow('web.b', { usage: { cpu: 3, memory: 1, processes: 1 }, state: 'Stuck' }),
    agentRow('shop.c', { usage: { memory: 5, processes: 1 }, state: 'Busy' }),
  ]);
  const names = (more: Partial<Model>): string[] => rowsInView(facts, modelOf(more), NOW).map(({ name }) => name);
  const by = (column: string, descending: boolean) => ({
    order: { ...modelOf().order, Agents: { column, descending } },
  });

  test('go by a column, those that lack it last either way', () => {
    expect(names(by('CPU%', true))).toEqual(['web.b', 'web.a', 'shop.c']);
    expect(names(by('CPU%', false))).toEqual(['web.a', 'web.b', 'shop.c']);
    expect(names(by('STATE', false))).toEqual(['web.b', 'shop.c', 'web.a']);
    expect(names(by('EVIDENCE', false))).toEqual(['shop.c', 'web.a', 'web.b']);
  });

  test('are those in which all words of the filter occur, and none that has a ! before it', () => {
    expect(names({ filter: 'WEB stuck' })).toEqual(['web.b']);
    expect(names({ filter: '!web' })).toEqual(['shop.c']);
    expect(names({ filter: '!' })).toHaveLength(3);
    expect(names({ filter: 'nowhere' })).toEqual([]);
  });

  test('are those of one project, where it was opened', () => {
    expect(names({ scope: { project: 'shop' } })).toEqual(['shop.c']);
    expect(names({ view: 'Projects', scope: { queue: 'nightly' } })).toEqual(['shop']);
  });
});
