import { _, Ajv, type AnySchemaObject } from 'ajv';
import type { SpecKind } from '../api/kinds.ts';
import { SCHEMAS } from '../api/schemas.ts';
import { FORMATS } from './formats.ts';

const FILES: Readonly<Record<SpecKind, string>> = {
  Project: 'project.schema.json',
  AgentClass: 'agentclass.schema.json',
  AgentRole: 'agentrole.schema.json',
  Team: 'team.schema.json',
  Message: 'message.schema.json',
  Queue: 'queue.schema.json',
  GitSource: 'gitsource.schema.json',
  Alert: 'alert.schema.json',
};

/** Kinds that have a schema for what people write of them. */
export const KINDS_WITH_SCHEMA = Object.keys(FILES) as readonly SpecKind[];

/** By which a schema is asked for. */
export function idOf(kind: SpecKind): string {
  return `https://muxlet.dev/schemas/v1alpha1/${FILES[kind]}`;
}

/** Knows the schemas of all kinds, and compiles none until it is asked for it. */
export function createCompiler(): Ajv {
  // `verbose` hands the schema and the value to whoever puts an error into words. The two switches that are off would
  // refuse `oneOf: [{required: …}]` and `propertyNames`, which are structural schemas' own way to say things. A $ref is
  // a function of its own, which keeps the code half as long.
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    strict: true,
    strictRequired: false,
    strictTypes: false,
    inlineRefs: false,
    formats: { ...FORMATS },
    code: { source: true, esm: true, formats: _`FORMATS` },
  });
  for (const file of Object.values(FILES)) ajv.addSchema(withoutStatus(SCHEMAS[file] ?? {}));
  return ajv;
}

/** The controller writes `status`; what a spec file says there is ignored, so its schema need not be compiled. */
function withoutStatus(schema: AnySchemaObject): AnySchemaObject {
  return { ...schema, properties: { ...(schema['properties'] as object), status: true } };
}
