import type { Scanner } from './scanner.ts';
import { OPERATORS, type Operand, type Path, type Step, type Test } from './syntax.ts';

/** Characters of a bare field name; a backslash takes the next one literally (`.labels.muxlet\.dev/team`). */
const FIELD = /(?:[^\s.[\]{}()'"*$@,=<>!|&?:\\]|\\[^])+/;
const NUMBER = /-?\d+/;
const LITERAL_NUMBER = /-?\d+(?:\.\d+)?/;

/** Parses `$.a.b[0]`, `@.a`, `.a`, `a`: everything up to where a path can go on no longer. */
export function parsePath(scanner: Scanner): Path {
  const from = scanner.take('$') ? 'Root' : 'Current';
  if (from === 'Current') scanner.take('@');
  const steps: Step[] = [];
  const bare = scanner.match(FIELD);
  if (bare !== undefined) steps.push({ type: 'Field', name: unescape(bare) });
  for (;;) {
    if (scanner.startsWith('[')) steps.push(parseBrackets(scanner));
    else if (scanner.take('..')) steps.push({ type: 'Descend' }, ...descendTarget(scanner));
    else if (scanner.take('.')) steps.push(...fieldAfterDot(scanner));
    else return { from, steps };
  }
}

function descendTarget(scanner: Scanner): Step[] {
  if (scanner.startsWith('[')) return [];
  const steps = fieldAfterDot(scanner);
  return steps.length > 0 ? steps : scanner.fail('expected a field after ..');
}

/** A lone dot is the item itself. */
function fieldAfterDot(scanner: Scanner): Step[] {
  if (scanner.take('*')) return [{ type: 'Wildcard' }];
  const name = scanner.match(FIELD);
  return name === undefined ? [] : [{ type: 'Field', name: unescape(name) }];
}

function unescape(name: string): string {
  return name.replaceAll(/\\([^])/g, '$1');
}

function parseBrackets(scanner: Scanner): Step {
  scanner.expect('[');
  scanner.skipSpace();
  if (scanner.take('?(')) {
    const test = parseTest(scanner);
    scanner.expect(')');
    scanner.skipSpace();
    scanner.expect(']');
    return { type: 'Filter', test };
  }
  const parts = [parseSubscript(scanner)];
  while (scanner.take(',')) parts.push(parseSubscript(scanner));
  scanner.expect(']');
  const [first] = parts;
  return parts.length === 1 && first !== undefined ? first : { type: 'Union', parts };
}

function parseSubscript(scanner: Scanner): Step {
  scanner.skipSpace();
  const step = subscript(scanner);
  scanner.skipSpace();
  return step;
}

function subscript(scanner: Scanner): Step {
  if (scanner.take('*')) return { type: 'Wildcard' };
  const name = scanner.quoted();
  if (name !== undefined) return { type: 'Field', name };
  const start = scanner.match(NUMBER);
  if (!scanner.take(':')) {
    return start === undefined
      ? scanner.fail('expected an index, a name or *')
      : { type: 'Index', index: Number(start) };
  }
  const end = scanner.match(NUMBER);
  const stride = scanner.take(':') ? Number(scanner.match(NUMBER) ?? 1) : 1;
  if (stride < 1) scanner.fail('expected a step of at least 1');
  return {
    type: 'Slice',
    ...(start !== undefined && { start: Number(start) }),
    ...(end !== undefined && { end: Number(end) }),
    stride,
  };
}

function parseTest(scanner: Scanner): Test {
  const left = parseOperand(scanner);
  const operator = OPERATORS.find((candidate) => scanner.take(candidate));
  if (operator === undefined) {
    return left.type === 'Path' ? { type: 'Exists', path: left.path } : scanner.fail('expected a comparison');
  }
  return { type: 'Compare', operator, left, right: parseOperand(scanner) };
}

function parseOperand(scanner: Scanner): Operand {
  scanner.skipSpace();
  const operand = operandHere(scanner);
  scanner.skipSpace();
  return operand;
}

function operandHere(scanner: Scanner): Operand {
  const text = scanner.quoted();
  if (text !== undefined) return { type: 'Literal', value: text };
  const number = scanner.match(LITERAL_NUMBER);
  if (number !== undefined) return { type: 'Literal', value: Number(number) };
  const word = scanner.match(/(?:true|false|null)\b/);
  if (word !== undefined) return { type: 'Literal', value: word === 'null' ? null : word === 'true' };
  if (!/[@$.]/.test(scanner.text[scanner.at] ?? '')) scanner.fail('expected a value or a path');
  return { type: 'Path', path: parsePath(scanner) };
}
