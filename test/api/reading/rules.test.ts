import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { AgentClass, AgentClassSpec, Rule, Source } from '../../../controller/api/generated/all.ts';
import { checkClass } from '../../../controller/api/reading/check.ts';
import { compileReading } from '../../../controller/api/reading/compile.ts';
import { type Ground, sayOfRecord, sayOfText } from '../../../controller/api/reading/evaluate.ts';
import { fieldOf, fieldsOf } from '../../../controller/api/reading/fields.ts';
import { screenText } from '../../../controller/api/reading/screen-text.ts';
import { renderLoosely } from '../../../controller/template/render-loosely.ts';

function ground(type: Source['type'], rules: Rule[], more: Partial<Source> = {}): Ground {
  const { reading } = compileReading('c', { reading: { sources: [{ type, rules, ...more }] } });
  const source = reading?.sources[0];
  if (source === undefined) throw new Error('no source');
  return { source, trust: 0, render: renderLoosely, variables: { pid: 12, conversation: 'one' }, at: 5, seenAt: 5 };
}
const state = (record: unknown, rule: Rule, more: Partial<Source> = {}) =>
  sayOfRecord(record, ground('Hook', [{ state: 'Busy', ...rule }], more))?.claim?.state;

test('a dotted path leads through objects and lists, and nowhere else', () => {
  const record = { a: { b: [{ c: 1 }] }, text: 'word' };
  expect(fieldOf(record, 'a.b.0.c')).toBe(1);
  expect(fieldOf(record, 'a.x.c')).toBeUndefined();
  expect(fieldOf(record, 'constructor.name')).toBeUndefined();
  expect(fieldOf(record, 'text.length')).toBeUndefined();
  expect(fieldOf(null, 'a')).toBeUndefined();
});

test('a path with a star leads to every entry, and to their names', () => {
  const record = { one: { type: 'busy' }, two: { type: 'retry' } };
  expect(fieldsOf(record, '*.type')).toEqual(['busy', 'retry']);
  expect(fieldOf(record, '*~')).toBe('one');
  expect(fieldsOf([{ a: 1 }, { b: 2 }], '*.a')).toEqual([1]);
  expect(fieldsOf({}, '*.type')).toEqual([]);
  expect(state(record, { match: [{ field: '*.type', is: 'retry' }] })).toBe('Busy');
  expect(state(record, { match: [{ field: '*.type', is: 'idle' }] })).toBeUndefined();
  expect(state(record, { match: [{ field: '*', exists: false }] })).toBeUndefined();
  expect(state({}, { match: [{ field: '*', exists: false }] })).toBe('Busy');
});

describe('a field is tested', () => {
  test.each([
    [{ field: 'n', is: '3' }, true],
    [{ field: 'yes', is: 'true' }, true],
    [{ field: 'n', in: ['2', '3'] }, true],
    [{ field: 'text', pattern: '^lim' }, true],
    [{ field: 'text', pattern: '^it' }, false],
    [{ field: 'none', exists: false }, true],
    [{ field: 'nil', exists: true }, false],
    [{ field: 'list', empty: true }, true],
    [{ field: 'text', empty: false }, true],
    [{ field: 'none', is: '' }, false],
    [{ field: 'pid', is: '{{ pid }}' }, true],
    [{ field: 'n', is: '{{ nobody }}' }, false],
  ])('%o', (match, fits) => {
    const record = { n: 3, yes: true, text: 'limit', nil: null, list: [], pid: '12' };
    expect(state(record, { match: [match] })).toBe(fits ? 'Busy' : undefined);
  });
});

test('all tests of a rule must hold, and the first rule that fits decides', () => {
  const rules: Rule[] = [
    {
      name: 'both',
      match: [
        { field: 'a', is: '1' },
        { field: 'b', is: '1' },
      ],
      state: 'Waiting',
    },
    { match: [{ field: 'a', is: '1' }], state: 'Busy' },
  ];
  expect(sayOfRecord({ a: 1, b: 1 }, ground('Hook', rules))?.rule).toBe('both');
  expect(sayOfRecord({ a: 1 }, ground('Hook', rules))?.rule).toBe('rule 2');
  expect(sayOfRecord({ b: 1 }, ground('Hook', rules))).toBeUndefined();
});

test("a file that is another process's says nothing", () => {
  const valid = { valid: [{ field: 'pid', is: '{{ pid }}' }] };
  expect(state({ pid: 12 }, { match: [{ field: 'pid', exists: true }] }, valid)).toBe('Busy');
  expect(state({ pid: 13 }, { match: [{ field: 'pid', exists: true }] }, valid)).toBeUndefined();
});

test('a message is one line of what the record or the pattern holds', () => {
  const message = 'it says {{ record.text }}';
  const said = sayOfRecord(
    { a: 1, text: 'x\n\u001b[31my' },
    ground('Hook', [{ match: [{ field: 'a', exists: true }], state: 'Busy', message }]),
  );
  expect(said?.claim?.message).toBe('it says x [31my');
  const less = sayOfRecord(
    { a: 1 },
    ground('Hook', [{ match: [{ field: 'a', exists: true }], state: 'Busy', message }]),
  );
  expect(less?.claim).toMatchObject({ state: 'Busy' });
  expect(less?.claim?.message).toBeUndefined();
});

test('how much of the context is left stands in a field, or is a number that the rule itself says', () => {
  const left = (rule: Partial<Rule>) =>
    sayOfRecord(
      { event: 'compacted', left: 7 },
      ground('Hook', [{ match: [{ field: 'event', exists: true }], ...rule }]),
    )?.contextLeft;
  expect(left({ context: 'left' })).toBe(7);
  expect(left({ context: '100' })).toBe(100);
  expect(left({ context: 'none' })).toBeUndefined();
  expect(left({})).toBeUndefined();
});

test('a pattern is found in any line, and names what it holds by its groups', () => {
  const rule: Rule = { pattern: '^(?<text>limit .*)$', state: 'Limited', limit: 'text', context: 'left' };
  const said = sayOfText('one\nlimit till 3pm\nthree', ground('Screen', [rule]));
  expect(said?.claim).toMatchObject({ state: 'Limited', limitText: 'limit till 3pm', evidence: 'screen' });
  expect(sayOfText('no limit', ground('Screen', [rule]))).toBeUndefined();
});

test('[S126] of a screen counts what is below the last message, less what a person types', () => {
  const inputLine = /^❯(?<text>.*)$/dgmu;
  const of = (lines: string[], lastPrompt?: string) =>
    screenText({ lines, inputLine, ...(lastPrompt !== undefined && { lastPrompt }) });
  expect(of(['limit', '❯ go on', 'fine', '❯']).text).toBe('fine\n❯');
  expect(of(['❯ why limit', '❯']).text).toBe('❯');
  expect(of(['old limit', 'go on with the', 'second line', 'new'], 'go on with the\nsecond line').text).toBe('new');
  const typed = of(['fine', '❯ limit']);
  const rule = ground('Screen', [{ pattern: 'limit', state: 'Limited' }]);
  expect(sayOfText(typed.text, rule, typed.isOwn)).toBeUndefined();
  const both = of(['limit', '❯ limit']);
  expect(sayOfText(both.text, rule, both.isOwn)?.claim?.state).toBe('Limited');
});

describe('a class is checked', () => {
  const faults = (spec: AgentClassSpec) => checkClass('mine', spec).map(({ field, message }) => `${field}: ${message}`);
  const sources = (source: Partial<Source>) => ({
    reading: { sources: [{ type: 'Screen' as const, rules: [], ...source }] },
  });

  test('a bad pattern names class, source and rule, and the other rules still count', () => {
    const rules = [
      { name: 'bad', pattern: '(', state: 'Busy' as const },
      { pattern: 'x', state: 'Idle' as const },
    ];
    const { reading, faults: found } = compileReading('mine', sources({ rules }));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ field: 'reading.sources[0].rules[0].pattern' });
    expect(found[0]?.message).toContain('class mine, source Screen, rule bad: ');
    expect(reading?.sources[0]?.rules.map(({ name }) => name)).toEqual(['rule 2']);
  });

  test('a template that names what nobody knows, a source without a place', () => {
    expect(faults(sources({ type: 'File', path: '{{ hom }}/x' }))[0]).toContain('names hom');
    expect(faults(sources({ type: 'File' }))[0]).toContain('needs path');
  });

  test('a rule that never comes in', () => {
    const rules = [
      { name: 'any', match: [{ field: 'a', is: '1' }] },
      {
        name: 'less',
        match: [
          { field: 'b', is: '1' },
          { field: 'a', is: '1' },
        ],
      },
    ];
    expect(faults(sources({ type: 'Hook', rules }))).toEqual([
      'reading.sources[0].rules[1]: source Hook, rule less: rule any stands before it and takes all that it would take',
    ]);
    expect(faults(sources({ rules: [{ match: [{ field: 'a', is: '1' }] }] }))[0]).toContain('never comes in');
  });

  test.each<[string, AgentClassSpec]>([
    ['delivery: method Command needs command', { delivery: { method: 'Command' } }],
    ['delivery: method Http needs url', { delivery: { method: 'Http' } }],
    ["delivery.inputLine: it has no group 'text'", { delivery: { inputLine: '^> (.*)$' } }],
    [
      'dialogs[0].name: no rule of reading has Trust as its reason',
      { dialogs: [{ name: 'Trust', pattern: 'x', answers: {} }] },
    ],
    ["context: policy compact needs 'compact'", { context: { policy: 'compact' } }],
    ['limits.resets[1]: it has none of the groups', { limits: { resets: ['(?<hour>\\d+)', 'at (\\d+)'] } }],
  ])('what lacks a part that it needs: %s', (message, spec) => {
    expect(faults(spec)).toEqual([expect.stringContaining(message)]);
  });

  const presets = new URL('../../../manifests/presets/', import.meta.url);
  test.each(readdirSync(presets).filter((name) => name.endsWith('.yaml')))('the preset %s is without fault', (name) => {
    const object = parse(readFileSync(new URL(name, presets), 'utf8')) as AgentClass;
    if (object.kind !== 'AgentClass') return;
    expect(checkClass(object.metadata.name, object.spec)).toEqual([]);
  });
});
