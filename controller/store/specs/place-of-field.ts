import type { Problem } from '../../api/problem.ts';
import { parseFieldPath } from './field-path.ts';
import { offsetAt } from './node-position.ts';
import type { ObjectPlace } from './validate-text.ts';
import { parseYaml } from './yaml-documents.ts';

/** Where a field of an object stands in its text, or the nearest thing above it that does. */
export function placeOfField(
  text: string,
  { documentIndex, itemIndex }: Pick<ObjectPlace, 'documentIndex' | 'itemIndex'>,
  field: string,
): Pick<Problem, 'line' | 'column'> {
  const { documents, lines } = parseYaml(text, '');
  const document = documents.find(({ index }) => index === documentIndex);
  if (document === undefined) return {};
  const above = itemIndex === undefined ? [] : ['items', itemIndex];
  const { line, col } = lines.linePos(offsetAt(document.node, [...above, ...parseFieldPath(field)], 'value'));
  return { line, column: col };
}
