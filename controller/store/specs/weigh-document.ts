import { type Document, isAlias, isMap, isPair, isScalar, isSeq, type Node } from 'yaml';

export interface DocumentFault {
  readonly offset: number;
  readonly code: 'ParseError' | 'AliasBomb';
  readonly message: string;
}

const MAX_DEPTH = 100;
const MAX_ALIASES = 100;
/** Nodes that the aliases of a document may stand for, all together. */
const MAX_EXPANSION = 10_000;

/**
 * Says what makes a document unfit to be turned into a value: keys that repeat, nesting too deep, and aliases that
 * stand for too much or for themselves. One pass; nothing is expanded.
 */
export function weighDocument(document: Document.Parsed): readonly DocumentFault[] {
  const faults: DocumentFault[] = [];
  /** Number of nodes that each anchor stands for; undefined while the anchored node is being walked. */
  const anchors = new Map<string, number | undefined>();
  let aliases = 0;
  let expansion = 0;
  const fault = (node: Node, code: DocumentFault['code'], message: string) =>
    faults.push({ offset: node.range?.[0] ?? 0, code, message });

  const weighAlias = (node: Node, source: string): number => {
    aliases++;
    if (!anchors.has(source)) {
      fault(node, 'ParseError', `the alias *${source} has no anchor &${source} before it`);
      return 1;
    }
    const weight = anchors.get(source);
    if (weight === undefined) {
      fault(node, 'AliasBomb', `the alias *${source} stands within what it stands for`);
      return 1;
    }
    expansion += weight;
    if (aliases === MAX_ALIASES + 1) fault(node, 'AliasBomb', `more than ${MAX_ALIASES} aliases`);
    else if (expansion > MAX_EXPANSION && expansion - weight <= MAX_EXPANSION) {
      fault(node, 'AliasBomb', `the aliases stand for more than ${MAX_EXPANSION} nodes`);
    }
    return weight;
  };

  const weigh = (node: unknown, depth: number): number => {
    if (isAlias(node)) return weighAlias(node, node.source);
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return 1;
    if (depth > MAX_DEPTH) {
      if (depth === MAX_DEPTH + 1) fault(node, 'ParseError', `nested more than ${MAX_DEPTH} deep`);
      return 1;
    }
    if (node.anchor !== undefined) anchors.set(node.anchor, undefined);
    let weight = 1;
    if (!isScalar(node)) {
      const keys = new Set<unknown>();
      for (const item of node.items) {
        if (!isPair(item)) {
          weight += weigh(item, depth + 1);
          continue;
        }
        if (isScalar(item.key)) {
          if (keys.has(item.key.value)) fault(item.key, 'ParseError', `the key ${String(item.key.value)} stands twice`);
          keys.add(item.key.value);
        }
        weight += weigh(item.key, depth + 1) + weigh(item.value, depth + 1);
      }
    }
    if (node.anchor !== undefined) anchors.set(node.anchor, weight);
    return weight;
  };

  weigh(document.contents, 0);
  return faults;
}
