import { Ajv, type AnySchemaObject, type ValidateFunction } from 'ajv';
import type { SpecKind } from '../api/kinds.ts';
import { SCHEMAS } from '../api/schemas.ts';

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

const validators = new Map<SpecKind, ValidateFunction>();
let compiler: Ajv | undefined;

/** The compiled validator of a kind: compiled at the first use, once. It does not look at `status`. */
export function validatorOf(kind: SpecKind): ValidateFunction {
  const known = validators.get(kind);
  if (known !== undefined) return known;
  compiler ??= createCompiler();
  const validator = compiler.compile({ $ref: `https://muxlet.dev/schemas/v1alpha1/${FILES[kind]}` });
  validators.set(kind, validator);
  return validator;
}

function createCompiler(): Ajv {
  // `verbose` hands the schema and the value to whoever puts an error into words. The two switches that are off would
  // refuse `oneOf: [{required: …}]` and `propertyNames`, which are structural schemas' own way to say things.
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: true, strictRequired: false, strictTypes: false });
  ajv.addFormat('date-time', { type: 'string', validate: isTime });
  for (const file of Object.values(FILES)) ajv.addSchema(withoutStatus(SCHEMAS[file] ?? {}));
  return ajv;
}

/** The controller writes `status`; what a spec file says there is ignored, so its schema need not be compiled. */
function withoutStatus(schema: AnySchemaObject): AnySchemaObject {
  return { ...schema, properties: { ...(schema['properties'] as object), status: true } };
}

/** RFC 3339: with its zone, so that it means the same everywhere. */
function isTime(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:\d{2})$/.test(text) &&
    !Number.isNaN(Date.parse(text))
  );
}
