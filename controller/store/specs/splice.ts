import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import type { Edit } from './edits.ts';
import type { FieldPath } from './field-path.ts';
import { renderBlock, renderFlow, renderKey } from './render.ts';

/** A replacement of a part of a text. */
interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Makes one edit by changing only the characters concerned, so that everything else stays byte for byte. Knows the
 * common layouts; gives undefined for any other. The caller checks the result by reading it.
 */
export function spliceEdit(text: string, document: Document.Parsed, edit: Edit): string | undefined {
  const splice = spliceFor(text, document, edit);
  return splice && text.slice(0, splice.start) + splice.text + text.slice(splice.end);
}

function spliceFor(text: string, document: Document.Parsed, edit: Edit): Splice | undefined {
  const parent = nodeAt(document, edit.path.slice(0, -1));
  const step = edit.path.at(-1);
  if (step === undefined || !isCollection(parent) || parent.items.length === 0) return undefined;
  const layout = { text, flow: parent.flow === true };
  if (isMap(parent)) {
    const index = parent.items.findIndex(({ key }) => isScalar(key) && String(key.value) === String(step));
    const pair = parent.items[index];
    switch (edit.type) {
      case 'Set':
        return pair === undefined
          ? addPair(layout, parent, { name: String(step), value: edit.value })
          : setValue(layout, pair, { name: String(step), value: edit.value });
      case 'Delete':
        return takeOut(layout, parent.items, index);
      case 'Insert':
        return undefined;
    }
  }
  switch (edit.type) {
    case 'Set':
      return setScalar(parent.items[Number(step)], edit.value, layout);
    case 'Delete':
      return takeOut(layout, parent.items, Number(step));
    case 'Insert':
      return addItem(layout, parent.items, { index: Number(step), value: edit.value });
  }
}

interface Layout {
  readonly text: string;
  readonly flow: boolean;
}
interface Field {
  readonly name: string;
  readonly value: unknown;
}

function addPair({ text, flow }: Layout, map: YAMLMap, { name, value }: Field): Splice | undefined {
  const last = map.items.at(-1);
  const end = endOf(text, last);
  const start = startOf(map.items[0]);
  if (end === undefined || start === undefined) return undefined;
  if (flow) return { start: end, end, text: `, ${renderKey(name)}: ${renderFlow(value)}` };
  const at = lineEnd(text, end);
  return { start: at, end: at, text: `\n${indented(renderBlock({ [name]: value }), columnOf(text, start))}` };
}

function setValue(layout: Layout, pair: Pair, { name, value }: Field): Splice | undefined {
  const scalar = setScalar(pair.value, value, layout);
  if (scalar !== undefined) return scalar;
  const start = startOf(pair);
  const end = endOf(layout.text, pair);
  if (start === undefined || end === undefined) return undefined;
  if (layout.flow || isFlow(pair.value)) {
    return { start, end, text: `${renderKey(name)}: ${renderFlow(value)}` };
  }
  const column = columnOf(layout.text, start);
  return { start, end, text: indented(renderBlock({ [name]: value }), column).slice(column) };
}

/** A scalar that stands on one line and stays one; so the comment behind it stays as well. */
function setScalar(node: unknown, value: unknown, { text }: Layout): Splice | undefined {
  if (typeof value === 'object' && value !== null) return undefined;
  if (!isScalar(node) || !node.range || node.anchor !== undefined || node.tag !== undefined) return undefined;
  const [start, end] = node.range;
  if (start === end || text.slice(start, end).includes('\n')) return undefined;
  const quoted = (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') && typeof value === 'string';
  return { start, end, text: quoted ? JSON.stringify(value) : renderFlow(value) };
}

function takeOut({ text, flow }: Layout, items: readonly unknown[], index: number): Splice | undefined {
  const [before, item, after] = [items[index - 1], items[index], items[index + 1]];
  const start = startOf(item);
  const end = endOf(text, item);
  if (start === undefined || end === undefined) return undefined;
  if (flow) {
    const next = startOf(after);
    const previous = endOf(text, before);
    if (next !== undefined) return { start, end: next, text: '' };
    return { start: previous ?? start, end, text: '' };
  }
  const from = lineStart(text, start);
  const lead = text.slice(from, start);
  // What shares its line with something else (the first field of a list's item) is not taken out by lines.
  if (items.length === 1 || !(isPair(item) ? /^ *$/ : /^ *- +$/).test(lead)) return undefined;
  return { start: from, end: Math.min(lineEnd(text, end) + 1, text.length), text: '' };
}

function addItem(
  { text, flow }: Layout,
  items: readonly unknown[],
  { index, value }: { index: number; value: unknown },
) {
  const neighbour = items[index];
  const model = neighbour ?? items.at(-1);
  const start = startOf(model);
  const end = endOf(text, model);
  if (start === undefined || end === undefined) return undefined;
  if (flow) {
    if (neighbour !== undefined) return { start, end: start, text: `${renderFlow(value)}, ` };
    return { start: end, end, text: `, ${renderFlow(value)}` };
  }
  const from = lineStart(text, start);
  const lead = text.slice(from, start);
  if (!/^ *- +$/.test(lead)) return undefined;
  const item = lead + indented(renderBlock(value), lead.length).slice(lead.length);
  if (neighbour !== undefined) return { start: from, end: from, text: `${item}\n` };
  const at = lineEnd(text, end);
  return { start: at, end: at, text: `\n${item}` };
}

function nodeAt(document: Document.Parsed, path: FieldPath): unknown {
  let node: unknown = document.contents;
  for (const step of path) {
    // What an anchor holds stands in several places at once; that is no case for a small change.
    if (isAlias(node) || !isCollection(node)) return undefined;
    node = isMap(node)
      ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))?.value
      : node.items[Number(step)];
  }
  return node;
}

function startOf(item: unknown): number | undefined {
  const node = (isPair(item) ? item.key : item) as Node | undefined | null;
  return node?.range?.[0];
}

/** Where the content ends, without the blanks and comments that the parser counts in. */
function endOf(text: string, item: unknown): number | undefined {
  if (isPair(item)) return endOf(text, item.value) ?? (item.key as Node | null)?.range?.[1];
  const node = item as Node | undefined | null;
  if (!node?.range) return undefined;
  const isBlock = (isMap(node) || isSeq(node)) && node.flow !== true && node.items.length > 0;
  if (isBlock) return endOf(text, node.items.at(-1));
  return node.range[0] + text.slice(node.range[0], node.range[1]).trimEnd().length;
}

function isFlow(node: unknown): boolean {
  return isCollection(node) && node.flow === true;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end === -1) return text.length;
  return text[end - 1] === '\r' && end > offset ? end - 1 : end;
}

function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

function indented(block: string, columns: number): string {
  return block.replaceAll(/^(?=.)/gm, ' '.repeat(columns));
}
