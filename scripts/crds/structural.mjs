// Turns a JSON Schema (draft-07) into the structural OpenAPI schema that a CustomResourceDefinition may hold. A keyword
// that is not known to survive the way is an error, so that a CRD never says less than its schema without a decision.
// Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { withStructuralPattern } from './pattern.mjs';

/** @typedef {Record<string, any>} Schema */

/** Keywords that mean the same in both. */
const KEPT = new Set([
  'description',
  'type',
  'format',
  'default',
  'enum',
  'required',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
]);

/** Keywords that only matter to other readers of the schema. */
const DROPPED = new Set(['$schema', '$id', 'title', 'definitions']);

/** Lists whose items have an identity, by the name of the field that holds them; server-side apply merges by it. */
const LIST_KEYS = new Map([
  ['agents', 'name'],
  ['env', 'name'],
  ['conditions', 'type'],
]);

/** The API server sees to these itself, and the status of a new object is not yet there. */
const NOT_REQUIRED = new Set(['apiVersion', 'kind', 'metadata', 'status']);

/**
 * @param {string} file path of a schema of a whole object
 * @returns {Promise<Schema>}
 */
export async function structural(file) {
  const schema = await withoutRefs(JSON.parse(await readFile(file, 'utf8')), file);
  const { apiVersion, kind, metadata: _, ...own } = schema['properties'];
  const { properties, required, ...rest } = convert({ ...schema, properties: own }, '');
  return {
    ...rest,
    required: required.filter((/** @type {string} */ name) => !NOT_REQUIRED.has(name)),
    properties: {
      apiVersion: { description: apiVersion.description, type: 'string' },
      kind: { description: kind.description, type: 'string' },
      metadata: { type: 'object' },
      ...properties,
    },
  };
}

/**
 * @param {Schema} schema without references
 * @param {string} name of the field that holds it
 * @returns {Schema}
 */
function convert(schema, name) {
  /** @type {Schema} */
  let result = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (DROPPED.has(keyword)) continue;
    if (KEPT.has(keyword)) result[keyword] = value;
    else if (keyword === 'const') result['enum'] = [value];
    else if (keyword === 'pattern') result = withStructuralPattern(result, value);
    else if (keyword === 'items') result['items'] = convert(value, '');
    else if (keyword === 'properties') result['properties'] = mapValues(value, convert);
    else if (keyword === 'additionalProperties') Object.assign(result, additional(value));
    else if (keyword === 'oneOf') result['oneOf'] = onlyRequired(value);
    else throw new Error(`${name}: a CustomResourceDefinition has no keyword '${keyword}'`);
  }
  result['type'] ??= typeOf(result['enum'], name);
  return { ...result, ...listKey(result, name) };
}

/**
 * `false` has no counterpart: the API server prunes unknown fields.
 * @param {Schema | boolean} value
 */
function additional(value) {
  return typeof value === 'boolean' ? {} : { additionalProperties: convert(value, '') };
}

/**
 * Within a choice a structural schema may only validate, and a choice between fields is all that we need.
 * @param {Schema[]} choices
 */
function onlyRequired(choices) {
  for (const choice of choices) {
    const others = Object.keys(choice).filter((keyword) => keyword !== 'required');
    if (others.length > 0) throw new Error(`oneOf may hold nothing but 'required', not ${others.join(', ')}`);
  }
  return choices;
}

/**
 * @param {unknown[] | undefined} values
 * @param {string} name
 */
function typeOf(values, name) {
  if (values?.every((value) => typeof value === 'string')) return 'string';
  throw new Error(`${name}: a CustomResourceDefinition needs a type here`);
}

/**
 * @param {Schema} schema
 * @param {string} name
 */
function listKey({ type, items }, name) {
  const key = LIST_KEYS.get(name);
  if (type !== 'array' || key === undefined) return {};
  return items.required?.includes(key) ? { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [key] } : {};
}

/**
 * @param {Record<string, Schema>} object
 * @param {(value: Schema, name: string) => Schema} change
 */
function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]));
}

/**
 * Puts what each `$ref` names in its place. Our schemas refer to definitions, of their own file or of a neighbour.
 * @param {any} value
 * @param {string} file
 * @returns {Promise<any>}
 */
async function withoutRefs(value, file) {
  if (Array.isArray(value)) return Promise.all(value.map((child) => withoutRefs(child, file)));
  if (value === null || typeof value !== 'object') return value;
  if (typeof value.$ref === 'string') {
    const [path = '', name = ''] = value.$ref.split('#/definitions/');
    const target = path === '' ? file : `${dirname(file)}/${path}`;
    return withoutRefs(JSON.parse(await readFile(target, 'utf8')).definitions[name], target);
  }
  const entries = Object.entries(value).filter(([key]) => key !== 'definitions');
  return Object.fromEntries(
    await Promise.all(entries.map(async ([key, child]) => [key, await withoutRefs(child, file)])),
  );
}
