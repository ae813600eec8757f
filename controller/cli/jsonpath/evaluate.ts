import type { Operand, Operator, Path, Step, TemplateNode, Test } from './syntax.ts';

interface Scope {
  readonly root: unknown;
  readonly current: unknown;
}

/** Fills in a template. What a path does not find is left out, as kubectl get does by default. */
export function evaluateTemplate(nodes: readonly TemplateNode[], root: unknown): string {
  return render(nodes, { root, current: root });
}

/** All values that the paths of a template find, outside of ranges. */
export function findValues(nodes: readonly TemplateNode[], root: unknown): readonly unknown[] {
  return nodes.flatMap((node) => (node.type === 'Path' ? evaluatePath(node.path, { root, current: root }) : []));
}

function render(nodes: readonly TemplateNode[], scope: Scope): string {
  return nodes
    .map((node) => {
      switch (node.type) {
        case 'Text':
          return node.text;
        case 'Path':
          return evaluatePath(node.path, scope).map(valueText).join(' ');
        case 'Range':
          return evaluatePath(node.path, scope)
            .map((current) => render(node.body, { root: scope.root, current }))
            .join('');
      }
    })
    .join('');
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function evaluatePath(path: Path, scope: Scope): readonly unknown[] {
  let values: readonly unknown[] = [path.from === 'Root' ? scope.root : scope.current];
  for (const step of path.steps) values = values.flatMap((value) => evaluateStep(step, value, scope));
  return values;
}

function evaluateStep(step: Step, value: unknown, scope: Scope): readonly unknown[] {
  switch (step.type) {
    case 'Field':
      return isRecord(value) && Object.hasOwn(value, step.name) ? [value[step.name]] : [];
    case 'Wildcard':
      return childrenOf(value);
    case 'Descend':
      return [value, ...descendantsOf(value)];
    case 'Index':
      return Array.isArray(value) ? value.slice(step.index, step.index === -1 ? undefined : step.index + 1) : [];
    case 'Slice':
      return Array.isArray(value)
        ? value.slice(step.start ?? 0, step.end).filter((_, position) => position % step.stride === 0)
        : [];
    case 'Union':
      return step.parts.flatMap((part) => evaluateStep(part, value, scope));
    case 'Filter':
      // As in kubectl, a filter looks at the items of a list; a single object is a list of itself.
      return (Array.isArray(value) ? value : [value]).filter((current) =>
        holds(step.test, { root: scope.root, current }),
      );
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function childrenOf(value: unknown): readonly unknown[] {
  return value !== null && typeof value === 'object' ? Object.values(value) : [];
}

function descendantsOf(value: unknown): readonly unknown[] {
  return childrenOf(value).flatMap((child) => [child, ...descendantsOf(child)]);
}

function holds(test: Test, scope: Scope): boolean {
  switch (test.type) {
    case 'Exists':
      return evaluatePath(test.path, scope).length > 0;
    case 'Compare': {
      const right = operandValues(test.right, scope);
      return operandValues(test.left, scope).some((a) => right.some((b) => compare(a, test.operator, b)));
    }
  }
}

function operandValues(operand: Operand, scope: Scope): readonly unknown[] {
  return operand.type === 'Literal' ? [operand.value] : evaluatePath(operand.path, scope);
}

/** Values of different types are unequal and neither is the smaller. */
function compare(a: unknown, operator: Operator, b: unknown): boolean {
  switch (operator) {
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return isLess(a, b);
    case '>':
      return isLess(b, a);
    case '<=':
      return a === b || isLess(a, b);
    case '>=':
      return a === b || isLess(b, a);
  }
}

function isLess(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  return typeof a === 'string' && typeof b === 'string' && a < b;
}
