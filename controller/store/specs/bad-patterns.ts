import type { AgentClassSpec } from '../../api/generated/all.ts';
import { compileReading } from '../../api/reading/compile.ts';
import { parseFieldPath } from './field-path.ts';
import type { FieldProblem } from './schema-problems.ts';

/** Regular expressions of an AgentClass that are none: a schema cannot say it. The object fits its schema already. */
export function badPatterns(kind: string, name: string, object: Readonly<Record<string, unknown>>): FieldProblem[] {
  if (kind !== 'AgentClass') return [];
  return compileReading(name, object['spec'] as AgentClassSpec).faults.map(({ field, message }) => ({
    path: ['spec', ...parseFieldPath(field)],
    part: 'value',
    message,
    hint: 'regular expressions are those of JavaScript, with the flag u',
  }));
}
