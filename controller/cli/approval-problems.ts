import type { AgentClass, Project } from '../api/generated/all.ts';
import type { Manifest } from '../api/manifest.ts';
import { nearestName } from '../api/nearest-name.ts';
import type { Problem } from '../api/problem.ts';
import { placeOfField } from '../store/specs/place-of-field.ts';
import type { ObjectPlace } from '../store/specs/validate-text.ts';

/** Where the project stands, for the place of each problem; the text may be unknown. */
export interface Standing extends Pick<ObjectPlace, 'documentIndex' | 'itemIndex'> {
  readonly file: string;
  readonly text: string;
}

/**
 * Approvals of a project that its classes know nothing of: such a dialog would wait for a person, and nobody knew why. Of
 * a class that is not among those given nothing is said.
 */
export function approvalProblems(
  { kind, metadata, spec }: Project,
  { file, text, ...place }: Standing,
  classes: readonly AgentClass[],
): Problem[] {
  return spec.agents.flatMap(({ class: className = 'shell', approvals = [] }, agent) => {
    const ofClass = classes.find(({ metadata: { name } }) => name === className);
    if (ofClass === undefined) return [];
    const dialogs = ofClass.spec.dialogs ?? [];
    return approvals.flatMap(({ dialog: named, answer }, index): Problem[] => {
      const field = `spec.agents[${agent}].approvals[${index}]`;
      const problem = (
        part: 'dialog' | 'answer',
        message: string,
        given: string,
        known: readonly string[],
      ): Problem => ({
        code: 'InvalidField',
        severity: 'Warning',
        file,
        ...placeOfField(text, place, `${field}.${part}`),
        field: `${field}.${part}`,
        object: { kind, name: metadata.name },
        message: `${message}: it waits for a person`,
        hint: hintOf(given, known),
      });
      const dialog = dialogs.find(({ name }) => name === named);
      if (dialog === undefined) {
        const names = dialogs.map(({ name }) => name);
        return [problem('dialog', `class ${className} has no dialog ${named}`, named, names)];
      }
      if (Object.hasOwn(dialog.answers, answer)) return [];
      const answers = Object.keys(dialog.answers);
      return [problem('answer', `dialog ${named} of class ${className} has no answer ${answer}`, answer, answers)];
    });
  });
}

export function isProject(object: Manifest): object is Project {
  return object.kind === 'Project';
}

export function isAgentClass(object: Manifest): object is AgentClass {
  return object.kind === 'AgentClass';
}

function hintOf(given: string, known: readonly string[]): string {
  const nearest = nearestName(given, known);
  if (known.length === 0) return 'the class has none';
  return `${nearest === undefined ? '' : `did you mean ${nearest}? `}one of ${known.join(', ')}`;
}
