/** The parts of a CustomResourceDefinition's schema that its rules speak of. */
export interface Schema {
  readonly [keyword: string]: unknown;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

const JUNCTORS = ['allOf', 'anyOf', 'oneOf', 'not'] as const;

/** Keywords that the API server refuses wherever they stand. */
const UNSUPPORTED = [
  '$ref',
  '$schema',
  '$id',
  'id',
  'const',
  'definitions',
  'dependencies',
  'deprecated',
  'discriminator',
  'patternProperties',
  'propertyNames',
  'readOnly',
  'writeOnly',
  'xml',
  'additionalItems',
  'contains',
  'if',
];

/** Keywords that may not stand within allOf, anyOf, oneOf or not. */
const STRUCTURE_ONLY = ['description', 'type', 'default', 'additionalProperties', 'nullable'];

/**
 * Every breach of the rules for structural schemas, as `path: what`.
 * Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
export function breaches(root: Schema): readonly string[] {
  return [...metadataBreaches(root), ...nodeBreaches(root, '')];
}

function metadataBreaches({ properties }: Schema): string[] {
  const metadata = properties?.['metadata'];
  if (metadata === undefined) return [];
  const fields = Object.keys(metadata.properties ?? {}).filter((name) => !['name', 'generateName'].includes(name));
  const keywords = Object.keys(metadata).filter((keyword) => !['type', 'properties', 'description'].includes(keyword));
  return [...fields, ...keywords].map((name) => `metadata: restricts ${name}`);
}

function nodeBreaches(schema: Schema, path: string): string[] {
  const children = childrenOf(schema);
  return [
    ...(schema.type === undefined && !isAnyType(schema) ? [`${path}: has no type`] : []),
    ...valueBreaches(schema, path),
    ...(schema.additionalProperties === false ? [`${path}: additionalProperties is false`] : []),
    ...(schema.properties !== undefined && schema.additionalProperties !== undefined
      ? [`${path}: has properties and additionalProperties`]
      : []),
    ...listBreaches(schema, path),
    ...JUNCTORS.flatMap((junctor) =>
      alternatives(schema, junctor).flatMap((choice) => junctorBreaches(choice, schema, `${path}.${junctor}`)),
    ),
    ...children.flatMap(([name, child]) => nodeBreaches(child, `${path}.${name}`)),
  ];
}

function isAnyType(schema: Schema): boolean {
  return schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
}

function childrenOf({ properties, items, additionalProperties }: Schema): [string, Schema][] {
  return [
    ...Object.entries(properties ?? {}),
    ...(items === undefined ? [] : [['[]', items] as [string, Schema]]),
    ...(typeof additionalProperties === 'object' ? [['{}', additionalProperties] as [string, Schema]] : []),
  ];
}

function valueBreaches(schema: Schema, path: string): string[] {
  const pattern = typeof schema['pattern'] === 'string' ? schema['pattern'] : '';
  return [
    ...UNSUPPORTED.filter((keyword) => keyword in schema).map((keyword) => `${path}: ${keyword} is not supported`),
    ...(schema['uniqueItems'] === true ? [`${path}: uniqueItems is true`] : []),
    ...(/\(\?[=!<]|\\[1-9u]/.test(pattern) ? [`${path}: RE2 does not know the pattern ${pattern}`] : []),
  ];
}

/** The key of a list that is a map must be there in every item: required, or with a default. */
function listBreaches(schema: Schema, path: string): string[] {
  if (schema['x-kubernetes-list-type'] !== 'map') return [];
  const keys = (schema['x-kubernetes-list-map-keys'] as readonly string[] | undefined) ?? [];
  const required = (schema.items?.['required'] as readonly string[] | undefined) ?? [];
  const sure = (key: string) => required.includes(key) || schema.items?.properties?.[key]?.['default'] !== undefined;
  if (keys.length === 0) return [`${path}: a list of type map needs keys`];
  return keys.filter((key) => !sure(key)).map((key) => `${path}: list key ${key} may be absent`);
}

function alternatives(schema: Schema, junctor: (typeof JUNCTORS)[number]): readonly Schema[] {
  const value = schema[junctor] as Schema | readonly Schema[] | undefined;
  return value === undefined ? [] : [value].flat();
}

/** Within a choice nothing may be said of the structure, and no field be named that the structure does not have. */
function junctorBreaches(choice: Schema, structure: Schema | undefined, path: string): string[] {
  return [
    ...STRUCTURE_ONLY.filter((keyword) => keyword in choice).map((keyword) => `${path}: holds ${keyword}`),
    ...valueBreaches(choice, path),
    ...Object.entries(choice.properties ?? {}).flatMap(([name, child]) => {
      const counterpart = structure?.properties?.[name];
      const missing = counterpart === undefined ? [`${path}: ${name} is not in the structure`] : [];
      return [...missing, ...junctorBreaches(child, counterpart, `${path}.${name}`)];
    }),
    ...(choice.items === undefined ? [] : junctorBreaches(choice.items, structure?.items, `${path}.[]`)),
    ...JUNCTORS.flatMap((junctor) =>
      alternatives(choice, junctor).flatMap((inner) => junctorBreaches(inner, structure, `${path}.${junctor}`)),
    ),
  ];
}
