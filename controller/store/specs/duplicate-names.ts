import type { FieldPath } from './field-path.ts';
import { formatFieldPath } from './field-path.ts';
import type { FieldProblem } from './schema-problems.ts';

/**
 * Agents of one project, receivers of one Alert that bear the same name, and variables that stand twice in one list: a
 * schema cannot say it.
 */
export function duplicateNames(object: Readonly<Record<string, unknown>>): FieldProblem[] {
  const spec = object['spec'];
  const agents = fieldOf(spec, 'agents');
  return [
    ...duplicatesIn(fieldOf(spec, 'env'), ['spec', 'env'], 'variable'),
    ...duplicatesIn(agents, ['spec', 'agents'], 'agent'),
    ...duplicatesIn(fieldOf(spec, 'receivers'), ['spec', 'receivers'], 'receiver'),
    ...(Array.isArray(agents) ? agents : []).flatMap((agent, index) =>
      duplicatesIn(fieldOf(agent, 'env'), ['spec', 'agents', index, 'env'], 'variable'),
    ),
  ];
}

const HINTS = {
  agent: 'give each agent of a project a name of its own',
  receiver: 'give each receiver of an Alert a name of its own',
  variable: 'leave one of them out',
} as const;

function duplicatesIn(list: unknown, path: FieldPath, noun: keyof typeof HINTS): FieldProblem[] {
  if (!Array.isArray(list)) return [];
  const seen = new Map<string, number>();
  const problems: FieldProblem[] = [];
  for (const [index, item] of list.entries()) {
    const name = fieldOf(item, 'name');
    if (typeof name !== 'string') continue;
    const first = seen.get(name);
    if (first === undefined) {
      seen.set(name, index);
      continue;
    }
    problems.push({
      path: [...path, index, 'name'],
      part: 'value',
      message: `two ${noun}s are called ${name}: the other one is ${formatFieldPath([...path, first])}`,
      hint: HINTS[noun],
    });
  }
  return problems;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
