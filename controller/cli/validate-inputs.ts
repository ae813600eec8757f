import { MuxletError } from '../api/errors.ts';
import type { SpecKind } from '../api/kinds.ts';
import type { Manifest } from '../api/manifest.ts';
import { formatProblem, type Problem } from '../api/problem.ts';
import { checkRole } from '../briefing/check-role.ts';
import { type ObjectPlace, validateText } from '../store/specs/validate-text.ts';
import type { InputText } from './read-inputs.ts';

/** A valid object of one of the texts that -f names. */
export interface InputObject extends Pick<ObjectPlace, 'documentIndex' | 'itemIndex'> {
  readonly kind: SpecKind;
  readonly name: string;
  readonly object: Manifest;
  readonly input: InputText;
}

export interface ValidatedInputs {
  readonly objects: readonly InputObject[];
  readonly problems: readonly Problem[];
}

/** Validates all texts together: an object that stands in two of them is a problem too. */
export function validateInputs(inputs: readonly InputText[]): ValidatedInputs {
  const objects: InputObject[] = [];
  const problems: Problem[] = [];
  const places = new Map<string, string>();
  for (const input of inputs) {
    const found = validateText(input.text, input.name);
    problems.push(...found.problems);
    for (const { object, line, column, ...identity } of found.objects) {
      const { kind, name } = identity;
      const id = `${kind}/${name}`;
      const other = places.get(id);
      if (other !== undefined) {
        const message = `${kind} ${name} stands at ${other} as well`;
        problems.push({
          code: 'DuplicateObject',
          severity: 'Error',
          file: input.name,
          line,
          column,
          object: { kind, name },
          message,
        });
      }
      places.set(id, `${input.name}:${line}:${column}`);
      problems.push(...templateProblems(object, { file: input.name, line, column }));
      objects.push({ ...identity, object, input });
    }
  }
  return { objects, problems };
}

/** What is wrong in the templates of an object, at the place of the object; the message has the line in the template. */
export function templateProblems(object: Manifest, place: Pick<Problem, 'file' | 'line' | 'column'>): Problem[] {
  if (object.kind !== 'AgentRole') return [];
  const { kind, metadata } = object;
  const about = { code: 'InvalidField', severity: 'Error', object: { kind, name: metadata.name } } as const;
  return checkRole(object).map((fault) => ({ ...about, ...place, ...fault }));
}

/** @throws MUX_SPEC_INVALID that names every problem, if any is an error */
export function refuseInvalid(problems: readonly Problem[]): void {
  const errors = problems.filter(({ severity }) => severity === 'Error');
  if (errors.length === 0) return;
  const count = errors.length === 1 ? '1 problem' : `${errors.length} problems`;
  throw new MuxletError('MUX_SPEC_INVALID', `${count}, nothing was changed:\n${errors.map(formatProblem).join('\n')}`);
}
