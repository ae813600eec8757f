import type { ValidateFunction } from 'ajv';
import type { SpecKind } from '../api/kinds.ts';
import { makeValidator } from './make-validator.ts';

const validators = new Map<SpecKind, ValidateFunction>();

/** The validator of a kind: made at the first use, once. It does not look at `status`. */
export function validatorOf(kind: SpecKind): ValidateFunction {
  const known = validators.get(kind);
  if (known !== undefined) return known;
  const validator = makeValidator(kind);
  validators.set(kind, validator);
  return validator;
}
