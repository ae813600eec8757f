import { SCHEMAS } from '../api/schemas.ts';

/** The parts of JSON Schema that muxlet's schemas use and `explain` shows. */
interface Schema {
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

/** A schema, and the file that its references start from. */
export interface SchemaAt {
  readonly schema: Schema;
  readonly file: string;
}

/**
 * @param file name in controller/api/schemas/
 * @throws if there is no such file: a bug
 */
export function readSchemaFile(file: string): SchemaAt {
  const schema: Schema | undefined = SCHEMAS[file];
  if (schema === undefined) throw new Error(`there is no schema ${file}`);
  return { schema, file };
}

/** Follows `$ref` (`#/definitions/X`, `other.schema.json#/definitions/X`); a description beside it wins. */
export function resolveSchema({ schema, file }: SchemaAt): SchemaAt {
  if (schema.$ref === undefined) return { schema, file };
  const [target = '', pointer = ''] = schema.$ref.split('#');
  const from = readSchemaFile(target === '' ? file : target);
  const name = pointer.split('/').at(-1) ?? '';
  const found = resolveSchema({ schema: from.schema.definitions?.[name] ?? {}, file: from.file });
  const description = schema.description ?? found.schema.description;
  return { ...found, schema: { ...found.schema, ...(description !== undefined && { description }) } };
}
