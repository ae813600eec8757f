import type { Alert } from '../../api/generated/all.ts';
import { nearestName } from '../../api/nearest-name.ts';
import { REASONS } from '../../api/reasons.ts';
import type { FieldPath } from './field-path.ts';
import type { FieldProblem } from './schema-problems.ts';

/**
 * What is wrong with an Alert and a schema cannot say: a reason that there is none of would never be told, and nobody
 * would notice. The object fits its schema already.
 */
export function badAlert(kind: string, object: Readonly<Record<string, unknown>>): FieldProblem[] {
  if (kind !== 'Alert') return [];
  const { spec } = object as unknown as Alert;
  return [...unknownReasons(spec.on ?? [], ['spec', 'on']), ...unknownReasons(spec.except ?? [], ['spec', 'except'])];
}

type Spec = Alert['spec'];

function unknownReasons(filters: NonNullable<Spec['on']>, path: FieldPath): FieldProblem[] {
  return filters.flatMap(({ reasons = [] }, index) =>
    reasons.flatMap((reason, at) => {
      if (REASONS.some((known) => known === reason)) return [];
      const nearest = nearestName(reason, REASONS);
      return problem([...path, index, 'reasons', at], {
        message: `there is no reason ${reason}`,
        hint: nearest === undefined ? 'they are listed in docs/errors.md' : `did you mean ${nearest}?`,
      });
    }),
  );
}

function problem(path: FieldPath, words: { readonly message: string; readonly hint: string }): FieldProblem[] {
  return [{ path, part: 'value', ...words }];
}
