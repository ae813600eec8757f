import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { GROUP, KINDS } from '../../controller/api/kinds.ts';
import { withStructuralPattern } from '../../scripts/crds/pattern.mjs';
import { breaches, type Schema } from './structural-schema.ts';

interface Definition {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: { readonly kind: string; readonly plural: string };
    readonly versions: readonly {
      readonly storage: boolean;
      readonly subresources: object;
      readonly additionalPrinterColumns: readonly { readonly name: string; readonly jsonPath: string }[];
      readonly schema: { readonly openAPIV3Schema: Schema };
    }[];
  };
}

const folder = new URL('../../manifests/crds/', import.meta.url);
const definitions = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => ({ file, definition: parse(readFileSync(new URL(file, folder), 'utf8')) as Definition }));

test('every kind that has a schema has a definition', () => {
  const kinds = KINDS.filter((info) => 'schema' in info).map(({ kind }) => kind);
  expect(definitions.map(({ definition }) => definition.spec.names.kind).sort()).toEqual([...kinds].sort());
});

describe.each(definitions)('$file', ({ file, definition: { metadata, spec } }) => {
  test('is named after its plural and group, and is cluster-scoped', () => {
    expect(metadata.name).toBe(`${spec.names.plural}.${GROUP}`);
    expect(file).toBe(`${GROUP}_${spec.names.plural}.yaml`);
    expect(spec).toMatchObject({ group: GROUP, scope: 'Cluster' });
  });

  test('stores exactly one version, with status as a subresource', () => {
    expect(spec.versions.filter(({ storage }) => storage)).toHaveLength(1);
    expect(spec.versions.map(({ subresources }) => subresources)).toEqual([{ status: {} }]);
  });

  test('holds a structural schema', () => {
    expect(spec.versions.flatMap(({ schema }) => breaches(schema.openAPIV3Schema))).toEqual([]);
  });

  test('has columns that lead into the schema', () => {
    for (const { schema, additionalPrinterColumns } of spec.versions) {
      const astray = additionalPrinterColumns.filter(({ jsonPath }) => !leadsInto(schema.openAPIV3Schema, jsonPath));
      expect(astray).toEqual([]);
    }
  });
});

/** Follows paths like `.status.conditions[?(@.type=="Ready")].reason`; metadata is the API server's own. */
function leadsInto(root: Schema, jsonPath: string): boolean {
  const steps = jsonPath
    .replace(/\[[^\]]*\]/g, '.[]')
    .split('.')
    .slice(1);
  if (steps[0] === 'metadata') return true;
  let schema: Schema | undefined = root;
  for (const step of steps) schema = step === '[]' ? schema?.items : schema?.properties?.[step];
  return schema !== undefined;
}

describe('the rules for structural schemas find', () => {
  const text = { type: 'string' };
  test.each<[string, Schema, string]>([
    ['a field without a type', { type: 'object', properties: { a: {} } }, '.a: has no type'],
    ['items without a type', { type: 'array', items: { enum: ['x'] } }, '.[]: has no type'],
    ['a reference', { type: 'object', $ref: '#/x' }, ': $ref is not supported'],
    ['a const', { type: 'string', const: 'x' }, ': const is not supported'],
    ['closed objects', { type: 'object', additionalProperties: false }, ': additionalProperties is false'],
    [
      'fields beside free fields',
      { type: 'object', properties: { a: text }, additionalProperties: text },
      ': has properties and additionalProperties',
    ],
    ['unique items', { type: 'array', items: text, uniqueItems: true }, ': uniqueItems is true'],
    ['a type within a choice', { type: 'object', oneOf: [{ type: 'object' }] }, '.oneOf: holds type'],
    [
      'a field that only a choice names',
      { type: 'object', anyOf: [{ properties: { a: { minLength: 1 } } }] },
      '.anyOf: a is not in the structure',
    ],
    [
      'a restricted label',
      { type: 'object', properties: { metadata: { type: 'object', properties: { labels: { type: 'object' } } } } },
      'metadata: restricts labels',
    ],
    [
      'a list key that may be absent',
      {
        type: 'array',
        items: { type: 'object', properties: { name: text } },
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
      },
      ': list key name may be absent',
    ],
    ['a lookahead', { type: 'string', pattern: '^(?!a)b' }, ': RE2 does not know the pattern ^(?!a)b'],
  ])('%s', (_, schema, breach) => {
    expect(breaches(schema)).toContain(breach);
  });
});

test('a leading lookahead becomes a second, negated pattern, and other expressions beyond RE2 are refused', () => {
  expect(withStructuralPattern({}, '^(?!A_|B)[A-Z]*$')).toEqual({ pattern: '^[A-Z]*$', not: { pattern: '^(A_|B)' } });
  expect(withStructuralPattern({}, '^[^\\u0000]*$')).toEqual({ pattern: '^[^\\x{0000}]*$' });
  expect(() => withStructuralPattern({}, 'a(?=b)')).toThrow('RE2');
});
