import { parsePath } from './parse-path.ts';
import { Scanner } from './scanner.ts';
import type { TemplateNode } from './syntax.ts';

/**
 * Parses kubectl's JSONPath templates: text around `{…}`, in which stand paths, quoted texts, and
 * `{range PATH}…{end}`. Several may stand within one pair of braces, separated by spaces.
 * Source: https://kubernetes.io/docs/reference/kubectl/jsonpath/ (regular expressions are not supported there either).
 *
 * @throws MUX_USAGE where it is malformed
 */
export function parseTemplate(text: string): readonly TemplateNode[] {
  const scanner = new Scanner(text);
  const nodes = parseNodes(scanner, 0);
  return nodes;
}

/**
 * Takes a path that may lack its braces and its first dot, as --sort-by and wait do: `status.phase`, `.status.phase`,
 * `{.status.phase}`.
 */
export function parseRelaxed(text: string): readonly TemplateNode[] {
  return parseTemplate(text.startsWith('{') ? text : `{${text}}`);
}

/** Reads up to the end of the text or, within a range, up to its `{end}`. */
function parseNodes(scanner: Scanner, depth: number): TemplateNode[] {
  const nodes: TemplateNode[] = [];
  while (!scanner.done) {
    const text = scanner.match(/[^{]+/);
    if (text !== undefined) nodes.push({ type: 'Text', text });
    if (scanner.take('{') && parseBraces(scanner, { nodes, depth }) === 'End') return nodes;
  }
  if (depth > 0) scanner.fail('expected {end}');
  return nodes;
}

interface Level {
  readonly nodes: TemplateNode[];
  readonly depth: number;
}

function parseBraces(scanner: Scanner, { nodes, depth }: Level): 'Closed' | 'End' {
  for (;;) {
    scanner.skipSpace();
    if (scanner.take('}')) return 'Closed';
    if (scanner.done) scanner.fail('expected }');
    if (scanner.match(/end(?=\s*\})/) !== undefined) {
      scanner.skipSpace();
      scanner.expect('}');
      return depth > 0 ? 'End' : scanner.fail('{end} without {range}');
    }
    if (scanner.match(/range(?=\s)/) !== undefined) {
      scanner.skipSpace();
      const path = parsePath(scanner);
      scanner.skipSpace();
      scanner.expect('}');
      nodes.push({ type: 'Range', path, body: parseNodes(scanner, depth + 1) });
      return 'Closed';
    }
    nodes.push(parsePart(scanner));
  }
}

function parsePart(scanner: Scanner): TemplateNode {
  const text = scanner.quoted();
  if (text !== undefined) return { type: 'Text', text };
  const start = scanner.at;
  const path = parsePath(scanner);
  if (scanner.at === start) scanner.fail('expected a path');
  return { type: 'Path', path };
}
