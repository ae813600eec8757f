import { validRange } from 'semver';
import type { AgentClassSpec } from '../../api/generated/all.ts';
import { keyFault } from '../../api/key-names.ts';
import { nearestName } from '../../api/nearest-name.ts';
import type { FieldPath } from './field-path.ts';
import type { FieldProblem } from './schema-problems.ts';

/**
 * What is wrong with an AgentClass beside its patterns and a schema cannot say: a range of versions that is none, into which
 * no version would ever fall, a plan that is not among its plans, and keys that there are not. The object fits its schema already.
 */
export function badClass(kind: string, object: Readonly<Record<string, unknown>>): FieldProblem[] {
  if (kind !== 'AgentClass') return [];
  const spec = object['spec'] as AgentClassSpec;
  return [...wrongRange(spec), ...wrongPlan(spec), ...wrongKeys(spec)];
}

function wrongPlan({ plan, plans = {} }: AgentClassSpec): FieldProblem[] {
  if (plan === undefined || Object.hasOwn(plans, plan)) return [];
  const known = Object.keys(plans);
  const nearest = nearestName(plan, known);
  const hint =
    known.length === 0
      ? `say how many agents it carries: plans: {${plan}: 3}`
      : `${nearest === undefined ? '' : `did you mean ${nearest}? `}plans names ${known.join(', ')}`;
  return [{ path: ['spec', 'plan'], part: 'value', message: `there is no plan ${plan}`, hint }];
}

function wrongRange({ version }: AgentClassSpec): FieldProblem[] {
  const seen = version?.seen;
  if (seen === undefined || validRange(seen) !== null) return [];
  return [
    {
      path: ['spec', 'version', 'seen'],
      part: 'value',
      message: `${JSON.stringify(seen)} is no range of versions`,
      hint: "a range as npm has it: '>=2.1.300 <2.2.0', ^1.4.0 or 1.x",
    },
  ];
}

function wrongKeys({ finish, delivery, dialogs }: AgentClassSpec): FieldProblem[] {
  const lists: readonly (readonly [FieldPath, readonly string[] | undefined])[] = [
    [['finish', 'keys'], finish?.keys],
    [['delivery', 'submit'], delivery?.submit],
    [['delivery', 'clear'], delivery?.clear],
    ...(dialogs ?? []).flatMap(({ answers }, index) =>
      Object.entries(answers).map(([name, keys]) => [['dialogs', index, 'answers', name], keys] as const),
    ),
  ];
  return lists.flatMap(([path, keys = []]) =>
    keys.flatMap((key, index) => {
      const fault = keyFault(key);
      return fault === undefined ? [] : [{ path: ['spec', ...path, index], part: 'value' as const, ...fault }];
    }),
  );
}
