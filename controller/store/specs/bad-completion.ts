import { type CompletionRule, type Project } from '../../api/generated/all.ts';
import { completionOf } from '../../api/normalise-git.ts';
import { patternOf } from '../../api/reading/pattern.ts';
import type { FieldPath } from './field-path.ts';
import type { FieldProblem } from './schema-problems.ts';

/**
 * What is wrong with a Project's completion and a schema cannot say. The object fits its schema already. That no text on a
 * screen completes a project by itself is held here: such a spec is not taken.
 */
export function badCompletion(kind: string, object: Readonly<Record<string, unknown>>): FieldProblem[] {
  if (kind !== 'Project') return [];
  const { spec } = object as unknown as Project;
  const { completion } = spec;
  if (completion === undefined) return [];
  const names = new Set(spec.agents.map(({ name }) => name));
  return [
    ...completion.rules.flatMap((rule, index) => [...badPattern(rule, index), ...unknownAgents(rule, index, names)]),
    ...sameNames(object as unknown as Project),
    ...badQuorum(spec),
    ...screensAlone(object as unknown as Project),
  ];
}

type Spec = Project['spec'];

const RULES: FieldPath = ['spec', 'completion', 'rules'];

function badPattern(rule: CompletionRule, index: number): FieldProblem[] {
  const texts = { commits: rule.commits?.matching, file: rule.file?.matching, screen: rule.screen?.matching };
  return Object.entries(texts).flatMap(([field, text]) => {
    if (text === undefined) return [];
    try {
      patternOf(text, 'mu');
      return [];
    } catch (error) {
      return problem([...RULES, index, field, 'matching'], {
        message: error instanceof Error ? error.message : String(error),
        hint: 'regular expressions are those of JavaScript, with the flags m and u',
      });
    }
  });
}

function unknownAgents({ agents = [] }: CompletionRule, index: number, names: ReadonlySet<string>): FieldProblem[] {
  return agents.flatMap((name, at) =>
    names.has(name)
      ? []
      : problem([...RULES, index, 'agents', at], {
          message: `there is no agent ${name} in spec.agents`,
          hint: `agents: ${[...names].join(', ')}`,
        }),
  );
}

/** A name that is given may be one that another rule has by default. */
function sameNames({ spec }: Project): FieldProblem[] {
  const names = completionOf(spec)?.rules.map(({ name }) => name) ?? [];
  return names.flatMap((name, index) => {
    const first = names.indexOf(name);
    if (first === index) return [];
    return problem([...RULES, index], {
      message: `two rules are called ${name}: the other one is rules[${first}]`,
      hint: 'give each rule a name of its own',
    });
  });
}

function badQuorum({ completion }: Spec): FieldProblem[] {
  const { require = 'All', quorum, rules } = completion ?? { rules: [] };
  const path = ['spec', 'completion', 'quorum'];
  if (require === 'Quorum' && quorum === undefined) {
    const hint = `a number from 1 to ${rules.length}`;
    return problem(['spec', 'completion', 'require'], { message: 'quorum is missing: how many rules', hint });
  }
  if (require !== 'Quorum' && quorum !== undefined) {
    return problem(path, { message: `it is not used with require: ${require}`, hint: 'write require: Quorum' });
  }
  if (quorum === undefined || quorum <= rules.length) return [];
  return problem(path, { message: `${quorum} is more than there are rules`, hint: `at most ${rules.length}` });
}

/** As many rules as are enough must never be such of the screen alone. */
function screensAlone({ spec }: Project): FieldProblem[] {
  const { require = 'All', quorum, rules } = spec.completion ?? { rules: [] };
  const needed = require === 'All' ? rules.length : require === 'Any' ? 1 : (quorum ?? rules.length);
  const screens = rules.flatMap(({ screen }, index) => (screen === undefined ? [] : [index]));
  const [first] = screens;
  if (first === undefined || screens.length < needed) return [];
  const message = 'what stands on a screen is never enough by itself to complete a project';
  const hint =
    require === 'All'
      ? 'add a rule of another kind: report, commits, file, …'
      : `require more rules than the ${screens.length} of the screen, or All`;
  return problem([...RULES, first, 'screen'], { message, hint });
}

function problem(path: FieldPath, words: { readonly message: string; readonly hint: string }): FieldProblem[] {
  return [{ path, part: 'value', ...words }];
}
