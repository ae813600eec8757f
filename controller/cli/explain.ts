import type { Command } from 'commander';
import { MuxletError } from '../api/errors.ts';
import { API_VERSION, type KindInfo } from '../api/kinds.ts';
import { nearestName } from '../api/nearest-name.ts';
import type { Explanation, Field } from './explanation.ts';
import type { CliDeps } from './ports.ts';
import { readSchemaFile, resolveSchema, type SchemaAt } from './read-schema.ts';
import { renderExplanation } from './render/explain.ts';
import { kindNamed } from './resources.ts';

export function addExplain(program: Command, deps: CliDeps): void {
  program
    .command('explain')
    .summary('explain the fields of a kind')
    .description('Explains the fields of a kind, from its schema.')
    .argument('<path>', 'TYPE or TYPE.FIELD.FIELD, like project.spec.agents')
    .option('-r, --recursive', 'the names of all the fields below')
    .action((path: string, flags: { recursive?: true }) => {
      deps.stdout.write(renderExplanation(explain(path), flags.recursive ?? false));
    });
}

/** @throws MUX_USAGE for an unknown kind, MUX_NOT_FOUND for an unknown field, with the nearest there is */
function explain(path: string): Explanation {
  const [word = '', ...names] = path.split('.');
  const kind: KindInfo = kindNamed(word);
  if (kind.schema === undefined) {
    throw new MuxletError('MUX_NOT_FOUND', `${kind.plural} have no schema: they are only shown, never written`);
  }
  let field = describeField({ name: kind.kind, required: false, at: readSchemaFile(kind.schema) });
  for (const name of names) field = fieldBelow(field, name, path);
  return { kind: kind.kind, version: API_VERSION, field, whole: names.length === 0 };
}

function fieldBelow({ fields }: Field, name: string, path: string): Field {
  const found = fields.find((field) => field.name === name);
  if (found !== undefined) return found;
  const known = fields.map((field) => field.name);
  const near = nearestName(name, known);
  throw new MuxletError('MUX_NOT_FOUND', `field "${name}" does not exist in ${path}`, {
    hint: near === undefined ? `known: ${known.join(', ') || 'none'}` : `did you mean "${near}"?`,
  });
}

interface FieldSource {
  readonly name: string;
  readonly required: boolean;
  readonly at: SchemaAt;
}

function describeField({ name, required, at }: FieldSource): Field {
  const { schema } = resolveSchema(at);
  return {
    name,
    type: `<${typeOf(at)}>`,
    required,
    description: schema.description ?? '',
    values: schema.enum ?? (schema.const === undefined ? [] : [schema.const]),
    default: schema.default,
    fields: fieldsOf(at),
  };
}

/** The fields of an object, or of the items of a list. */
function fieldsOf(at: SchemaAt): readonly Field[] {
  const { schema, file } = resolveSchema(at);
  if (schema.items !== undefined) return fieldsOf({ schema: schema.items, file });
  return Object.entries(schema.properties ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, below]) =>
      describeField({ name, required: schema.required?.includes(name) ?? false, at: { schema: below, file } }),
    );
}

function typeOf(at: SchemaAt): string {
  const { schema, file } = resolveSchema(at);
  if (schema.items !== undefined) return `[]${typeOf({ schema: schema.items, file })}`;
  if (schema.enum !== undefined || schema.const !== undefined) return typeof (schema.enum?.[0] ?? schema.const);
  if (schema.properties !== undefined) return schema.title ?? 'Object';
  if (typeof schema.additionalProperties === 'object') {
    return `map[string]${typeOf({ schema: schema.additionalProperties, file })}`;
  }
  return schema.type ?? 'Object';
}
