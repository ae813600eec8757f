import type { ErrorObject } from 'ajv';
import { nearestName } from '../../api/nearest-name.ts';
import { type FieldPath, pathOfPointer } from './field-path.ts';
import { ruleOfPattern } from './pattern-rules.ts';

/** What is wrong with a field, in words; where it stands in the file is for the caller to find. */
export interface FieldProblem {
  readonly path: FieldPath;
  /** Whether the field's name is meant, or its value. */
  readonly part: 'key' | 'value';
  readonly message: string;
  readonly hint?: string;
}

/** Fields that objects printed by `muxlet get -o yaml` carry and that no spec file may set. */
const OWNED_FIELDS = ['uid', 'generation', 'creationTimestamp', 'deletionTimestamp', 'finalizers', 'ownerReferences'];

/** Puts the validator's errors into words, one a fault: what only follows from another error is left out. */
export function schemaProblems(errors: readonly ErrorObject[], root: unknown): FieldProblem[] {
  const misspelt = new Set(errors.filter(({ keyword }) => keyword === 'additionalProperties').map(placeOf));
  return errors
    .filter((error) => !isNoise(error, misspelt))
    .map((error) => fieldProblem(error, pathOfPointer(error.instancePath, root)));
}

function placeOf({ instancePath }: ErrorObject): string {
  return instancePath;
}

/**
 * A oneOf reports each of its branches and itself; itself is enough. Where a name is misspelt as well (`valu`), the
 * missing alternative follows from that.
 */
function isNoise({ schemaPath, keyword, instancePath }: ErrorObject, misspelt: ReadonlySet<string>): boolean {
  if (/\/oneOf\/\d+\//.test(schemaPath) || keyword === 'propertyNames') return true;
  const alternatives = ['oneOf', 'minProperties', 'maxProperties'];
  return alternatives.includes(keyword) && misspelt.has(instancePath);
}

function fieldProblem(error: ErrorObject, path: FieldPath): FieldProblem {
  const { keyword, params, schema, data, parentSchema } = error;
  if (error.propertyName !== undefined) {
    return { path: [...path, error.propertyName], part: 'key', ...wrongName(error, error.propertyName) };
  }
  switch (keyword) {
    case 'additionalProperties':
      return unknownField(path, String(params['additionalProperty']), parentSchema);
    case 'required': {
      const name = String(params['missingProperty']);
      return { path, part: 'key', message: `${name} is missing`, ...hintFrom(propertySchema(parentSchema, name)) };
    }
    case 'type':
      return { path, part: 'value', ...wrongType(String(params['type']), data) };
    case 'enum':
      return { path, part: 'value', ...wrongChoice(schema as readonly string[], data) };
    case 'const':
      return { path, part: 'value', message: `is ${show(data)}`, hint: `write ${show(schema)}` };
    case 'pattern':
      return { path, part: 'value', message: `${show(data)} is not allowed here`, hint: ruleOfPattern(String(schema)) };
    case 'oneOf':
    case 'minProperties':
    case 'maxProperties':
      return { path, part: 'value', ...wrongAlternative(parentSchema, data) };
    default:
      return { path, part: 'value', ...outOfBounds(error) };
  }
}

type Words = { readonly message: string; readonly hint?: string };

function unknownField(path: FieldPath, name: string, parentSchema: unknown): FieldProblem {
  const known = Object.keys(propertiesOf(parentSchema));
  const nearest = nearestName(name, known);
  const hint = OWNED_FIELDS.includes(name)
    ? 'the controller keeps it; leave it out'
    : nearest === undefined
      ? `known fields: ${known.join(', ')}`
      : `did you mean ${nearest}?`;
  return { path: [...path, name], part: 'key', message: `there is no field ${name}`, hint };
}

function wrongName({ keyword, schema }: ErrorObject, name: string): Words {
  if (keyword === 'maxLength') return { message: 'the name is too long', hint: `at most ${String(schema)} characters` };
  return { message: `${show(name)} is not allowed as a name`, hint: ruleOfPattern(String(schema)) };
}

const TYPE_HINTS: Readonly<Record<string, string>> = {
  array: "give a list: one '- ' item a line, or [a, b]",
  object: "give fields: one 'name: value' a line",
  number: 'give a number, without quotes',
  integer: 'give a whole number, without quotes',
  boolean: 'give true or false, without quotes',
};

function wrongType(type: string, data: unknown): Words {
  const message = `must be ${type === 'array' ? 'a list' : `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`}, is ${name(data)}`;
  if (type !== 'string') return { message, hint: TYPE_HINTS[type] ?? `give a ${type}` };
  const scalar = typeof data === 'number' || typeof data === 'boolean';
  return { message, hint: scalar ? `put it in quotes: "${String(data)}"` : 'give a text' };
}

function wrongChoice(choices: readonly string[], data: unknown): Words {
  const nearest = typeof data === 'string' ? nearestName(data, choices) : undefined;
  const list = `one of ${choices.join(', ')}`;
  return { message: `${show(data)} is not allowed here`, hint: nearest ? `did you mean ${nearest}? ${list}` : list };
}

function wrongAlternative(parentSchema: unknown, data: unknown): Words {
  const branches = (parentSchema as { oneOf?: { required?: string[] }[] } | undefined)?.oneOf;
  const names = branches?.flatMap(({ required }) => required ?? []) ?? Object.keys(propertiesOf(parentSchema));
  const given = names.filter((field) => Object.hasOwn(data ?? {}, field));
  const hint = given.length === 0 ? `add ${names.join(' or ')}` : `leave out all but one of ${given.join(', ')}`;
  return { message: `give either ${names.join(' or ')}`, hint };
}

function outOfBounds({ keyword, schema, data }: ErrorObject): Words {
  switch (keyword) {
    case 'minLength':
    case 'minItems':
      return { message: 'must not be empty', hint: `give at least ${String(schema)}` };
    case 'maxLength':
      return { message: `is ${String(data).length} characters long`, hint: `at most ${String(schema)} characters` };
    case 'maxItems':
      return { message: `has ${(data as readonly unknown[]).length} items`, hint: `at most ${String(schema)}` };
    case 'minimum':
      return { message: `${show(data)} is too small`, hint: `at least ${String(schema)}` };
    case 'maximum':
      return { message: `${show(data)} is too large`, hint: `at most ${String(schema)}` };
    default:
      return { message: `${show(data)} is not allowed here`, hint: `${keyword}: ${JSON.stringify(schema)}` };
  }
}

function propertiesOf(schema: unknown): Record<string, unknown> {
  return (schema as { properties?: Record<string, unknown> } | undefined)?.properties ?? {};
}

function propertySchema(schema: unknown, field: string): unknown {
  return propertiesOf(schema)[field];
}

function hintFrom(schema: unknown): { readonly hint?: string } {
  const description = (schema as { description?: string } | undefined)?.description;
  return description === undefined ? {} : { hint: description.split(/(?<=[.:]) /, 1)[0] ?? description };
}

/** Shown in messages, and logged: short, on one line, and of an address nobody's password. */
function show(value: unknown): string {
  const text = (JSON.stringify(value) ?? String(value)).replaceAll(/:\/\/[^\s"]*@/g, '://…@');
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function name(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return `the ${typeof value} ${show(value)}`;
}
