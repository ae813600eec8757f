import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import type { FieldPath } from './field-path.ts';

/**
 * Offset of what stands at the path, or of the nearest thing above it that exists. `key` asks for the field's name,
 * `value` for its value; an empty value has no place of its own and is found at its name.
 */
export function offsetAt(document: Document.Parsed, path: FieldPath, part: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(document.contents) ?? document.range[0];
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = pairAt(node.items, String(step));
      if (pair === undefined) return offset;
      const key = startOf(pair.key) ?? offset;
      offset = part === 'key' || isEmpty(pair.value) ? key : (startOf(pair.value) ?? key);
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = startOf(node) ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

function pairAt(items: readonly Pair[], name: string): Pair | undefined {
  return items.find(({ key }) => isScalar(key) && String(key.value) === name);
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

function isEmpty(node: unknown): boolean {
  const range = (node as Node | null | undefined)?.range;
  return range === undefined || range === null || range[0] === range[1];
}
