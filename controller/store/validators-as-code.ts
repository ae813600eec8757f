import standalone from 'ajv/dist/standalone/index.js';
import { createCompiler, idOf, KINDS_WITH_SCHEMA } from './schema-compiler.ts';

/** For the build: a module that stands in for make-validator.ts and has all validators ready. */
export function validatorsAsCode(): string {
  const code = standalone.default(
    createCompiler(),
    Object.fromEntries(KINDS_WITH_SCHEMA.map((kind) => [kind, idOf(kind)])),
  );
  const table = `{ ${KINDS_WITH_SCHEMA.join(', ')} }`;
  return `import { FORMATS } from './formats.ts';\n${code}\nexport const makeValidator = (kind) => (${table})[kind];\n`;
}
