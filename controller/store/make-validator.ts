import type { ValidateFunction } from 'ajv';
import type { SpecKind } from '../api/kinds.ts';
import { createCompiler, idOf } from './schema-compiler.ts';

const compiler = createCompiler();

/**
 * Compiles the schema of a kind, which takes longer than most verbs have to run. So the build puts the finished code in
 * this module's place (validators-as-code.ts), and only who runs the sources comes here.
 */
export function makeValidator(kind: SpecKind): ValidateFunction {
  return compiler.compile({ $ref: idOf(kind) });
}
