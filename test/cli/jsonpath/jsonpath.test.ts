import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MuxletError } from '../../../controller/api/errors.ts';
import { evaluateTemplate, findValues } from '../../../controller/cli/jsonpath/evaluate.ts';
import { parseRelaxed, parseTemplate } from '../../../controller/cli/jsonpath/parse-template.ts';

const fill = (template: string, value: unknown) => evaluateTemplate(parseTemplate(template), value);

/** The example of kubectl's own manual, and what the manual says comes out. */
const MANUAL = {
  kind: 'List',
  items: [
    {
      kind: 'None',
      metadata: { name: '127.0.0.1', labels: { 'kubernetes.io/hostname': '127.0.0.1' } },
      status: { capacity: { cpu: '4' }, addresses: [{ type: 'LegacyHostIP', address: '127.0.0.1' }] },
    },
    {
      kind: 'None',
      metadata: { name: '127.0.0.2' },
      status: {
        capacity: { cpu: '8' },
        addresses: [
          { type: 'LegacyHostIP', address: '127.0.0.2' },
          { type: 'another', address: '127.0.0.3' },
        ],
      },
    },
  ],
  users: [
    { name: 'myself', user: {} },
    { name: 'e2e', user: { username: 'admin', password: 'secret' } },
  ],
};

describe('the subset of kubectl', () => {
  test.each([
    ['{.kind}', 'List'],
    ["{['kind']}", 'List'],
    ['kind is {.kind}', 'kind is List'],
    ['{@.kind}/{$.kind}', 'List/List'],
    ['{..name}', '127.0.0.1 127.0.0.2 myself e2e'],
    ['{.items[*].metadata.name}', '127.0.0.1 127.0.0.2'],
    ['{.users[0].name}', 'myself'],
    ['{.users[-1].name}', 'e2e'],
    ['{.users[0:1].name}', 'myself'],
    ['{.users[-1:].name}', 'e2e'],
    ["{.items[*]['metadata.name', 'status.capacity']}", ''],
    ["{.items[*].status.capacity['cpu','gpu']}", '4 8'],
    ['{.users[?(@.name=="e2e")].user.password}', 'secret'],
    ["{.users[?(@.name!='e2e')].name}", 'myself'],
    ['{.users[?(@.user.password)].name}', 'e2e'],
    ['{.items[*].status.addresses[?(@.type == "another")].address}', '127.0.0.3'],
    ['{.items[0].metadata.labels.kubernetes\\.io/hostname}', '127.0.0.1'],
    ["{.items[0].metadata.labels['kubernetes.io/hostname']}", '127.0.0.1'],
    ['{range .items[*]}[{.metadata.name}, {.status.capacity.cpu}] {end}', '[127.0.0.1, 4] [127.0.0.2, 8] '],
    ['{range .items[*]}{.metadata.name}{"\\t"}{$.kind}{"\\n"}{end}', '127.0.0.1\tList\n127.0.0.2\tList\n'],
    ['{range .items[*]}{range .status.addresses[*]}{.address};{end}|{end}', '127.0.0.1;|127.0.0.2;127.0.0.3;|'],
    ['{.users[1].user}', '{"username":"admin","password":"secret"}'],
    ['{.nothing.there}', ''],
    ['{.users.name}', ''],
  ])('%s', (template, expected) => {
    expect(fill(template, MANUAL)).toBe(expected);
  });

  test('compares numbers and truth values', () => {
    const value = { list: [{ n: 1, on: true }, { n: 5, on: false }, { n: 10 }] };
    expect(fill('{.list[?(@.n>=5)].n}', value)).toBe('5 10');
    expect(fill('{.list[?(@.n<5)].n}', value)).toBe('1');
    expect(fill('{.list[?(@.on==true)].n}', value)).toBe('1');
    expect(fill('{.list[?(@.n > "5")].n}', value)).toBe('');
  });

  test.each([
    '{',
    '{.a',
    '{.a[}',
    '{.a[0}',
    '{range .a}',
    '{end}',
    '{.a[?(@.b==)]}',
    '{.a[?("x")]}',
    '{range .a}{',
    '{"open}',
  ])('refuses %s and says where', (template) => {
    expect(() => parseTemplate(template)).toThrow(/is no JSONPath: .* at character \d+/);
  });

  test('may lack braces and the first dot where only a path makes sense', () => {
    for (const path of ['{.kind}', '.kind', 'kind', '$.kind'])
      expect(findValues(parseRelaxed(path), MANUAL)).toEqual(['List']);
  });
});

const plainObject = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 6 }),
  fc.oneof(
    fc.string(),
    fc.integer(),
    fc.array(fc.integer(), { maxLength: 4 }),
    fc.dictionary(fc.string({ minLength: 1, maxLength: 4 }), fc.integer()),
  ),
  { maxKeys: 6, noNullPrototype: true },
);

/** Every place in a value, as the keys that lead to it. */
function places(value: unknown, at: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (value === null || typeof value !== 'object') return [at];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [at, ...entries.flatMap(([key, below]) => places(below, [...at, key]))];
}

function quote(key: string | number): string {
  return typeof key === 'number' ? `[${key}]` : `['${key.replaceAll(/[\\']/g, '\\$&')}']`;
}

describe('properties', () => {
  test('every value is found by the path that leads to it', () => {
    fc.assert(
      fc.property(plainObject, (value) => {
        for (const place of places(value)) {
          const expected = place.reduce<unknown>((current, key) => (current as Record<string, unknown>)[key], value);
          expect(findValues(parseTemplate(`{$${place.map(quote).join('')}}`), value)).toEqual([expected]);
        }
      }),
    );
  });

  test('a range over a list says each item once, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (list) => {
        expect(fill('{range .list[*]}{@},{end}', { list })).toBe(list.map((item) => `${item},`).join(''));
      }),
    );
  });

  test('a slice is that of the list', () => {
    const bound = fc.option(fc.integer({ min: -5, max: 5 }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 6 }), bound, bound, (list, start, end) => {
        const found = findValues(parseTemplate(`{.list[${start ?? ''}:${end ?? ''}]}`), { list });
        expect(found).toEqual(list.slice(start, end));
      }),
    );
  });

  test('text without braces is itself', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('{')),
        (text) => fill(text, {}) === text,
      ),
    );
  });

  test('whatever is typed, it is either taken or refused as wrong usage', () => {
    const typed = fc.oneof(
      fc.string(),
      fc
        .array(
          fc.constantFrom(
            '{',
            '}',
            '.',
            '..',
            '[',
            ']',
            '*',
            '?(',
            ')',
            '@',
            '$',
            'a',
            '"',
            "'",
            '\\',
            ':',
            ',',
            '0',
            '-1',
            '==',
            'range ',
            'end',
            ' ',
          ),
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(typed, plainObject, (text, value) => {
        try {
          fill(text, value);
        } catch (error) {
          expect(error).toBeInstanceOf(MuxletError);
          expect((error as MuxletError).code).toBe('MUX_USAGE');
        }
      }),
      { numRuns: 2000 },
    );
  });
});
