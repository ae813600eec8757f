/**
 * Changes of a spec file's text for the verbs that write (apply, edit, delete, label, annotate). Text in, text out:
 * comments, layout and every other document stay byte for byte wherever that can be had, and whatever is returned was
 * read back and says exactly what it should.
 */
import { isDeepStrictEqual } from 'node:util';
import { type Document, parseDocument } from 'yaml';
import type { SpecKind } from '../../api/kinds.ts';
import { type Edit, editsBetween, withEdit } from './edits.ts';
import { renderBlock, renderObject } from './render.ts';
import { isJson, jsonIndent, rewriteJson } from './rewrite-json.ts';
import type { DocumentChange, Fields, Rewrite } from './rewriting.ts';
import { spliceEdit } from './splice.ts';
import { PARSE_OPTIONS, parseYaml } from './yaml-documents.ts';

export { renderObject };

/** Takes the object's whole document out, or its item where the document is a List. */
export function removeObject(text: string, kind: SpecKind, name: string): Rewrite {
  return rewrite(text, { kind, name, change: () => undefined });
}

export interface MetadataChange {
  readonly field: 'labels' | 'annotations';
  readonly changes: Readonly<Record<string, string | null>>;
}

/** Sets labels or annotations, and takes those out whose value is null. */
export function setMetadata(text: string, kind: SpecKind, name: string, { field, changes }: MetadataChange): Rewrite {
  const change = (object: Fields): Fields => {
    const { [field]: old, ...metadata } = (object['metadata'] ?? {}) as Fields;
    const entries = Object.entries({ ...((old ?? {}) as Fields), ...changes }).filter(([, value]) => value !== null);
    if (entries.length === 0) return { ...object, metadata };
    return { ...object, metadata: { ...(object['metadata'] as Fields), [field]: Object.fromEntries(entries) } };
  };
  return rewrite(text, { kind, name, change });
}

/** Puts the new content in the object's place, changing only the fields that differ. */
export function replaceObject(text: string, kind: SpecKind, name: string, object: object): Rewrite {
  return rewrite(text, { kind, name, change: () => plain(object) });
}

/** Adds a document at the end; a JSON file becomes a List. */
export function appendObject(text: string, object: object): Rewrite {
  if (isJson(text)) {
    const value = JSON.parse(text) as Fields;
    const items = isList(value) ? value['items'] : [value];
    const list = { ...(isList(value) ? value : { apiVersion: 'v1', kind: 'List' }), items: [...items, plain(object)] };
    return { type: 'Rewritten', text: `${JSON.stringify(list, undefined, jsonIndent(text))}\n` };
  }
  const { problems } = parseYaml(text, '');
  if (problems[0] !== undefined) return { type: 'Unparsable', message: problems[0].message };
  if (text.trim() === '') return { type: 'Rewritten', text: renderObject(plain(object)) };
  const separator = text.endsWith('\n') ? '---\n' : '\n---\n';
  return { type: 'Rewritten', text: `${text}${separator}${renderObject(plain(object))}` };
}

interface Request {
  readonly kind: SpecKind;
  readonly name: string;
  /** The object's new content; undefined takes it out. */
  readonly change: (object: Fields) => Fields | undefined;
}

function rewrite(text: string, request: Request): Rewrite {
  if (isJson(text)) return rewriteJson(text, (value) => changeDocument(value, request));
  const { documents, problems } = parseYaml(text, '');
  if (problems[0] !== undefined) return { type: 'Unparsable', message: problems[0].message };
  const values = documents.map(({ value }) => value);
  for (const [index, value] of values.entries()) {
    const after = changeDocument(value, request);
    if (after === 'NotFound') continue;
    if (after === undefined && documents.length === 1) return { type: 'Emptied' };
    const expected = after === undefined ? values.toSpliced(index, 1) : values.with(index, after);
    const changed = after === undefined ? withoutDocument(text, index) : writeDocument(text, index, after);
    // The last resort, should an odd text defeat all else: right content, without comments.
    const isRight = isDeepStrictEqual(valuesOf(changed), expected);
    return { type: 'Rewritten', text: isRight ? changed : `${expected.map(renderBlock).join('\n---\n')}\n` };
  }
  return { type: 'NotFound' };
}

function changeDocument(value: unknown, request: Request): DocumentChange {
  if (!isFields(value)) return 'NotFound';
  if (!isList(value)) return isWanted(value, request) ? request.change(value) : 'NotFound';
  const index = value.items.findIndex((item) => isWanted(item, request));
  if (index === -1) return 'NotFound';
  const after = request.change(value.items[index] as Fields);
  const items = after === undefined ? value.items.toSpliced(index, 1) : value.items.with(index, after);
  return items.length === 0 ? undefined : { ...value, items };
}

function isWanted(value: unknown, { kind, name }: Request): value is Fields {
  return isFields(value) && value['kind'] === kind && isFields(value['metadata']) && value['metadata']['name'] === name;
}

/** Makes the edits one by one; where the text cannot be kept as it is laid out, only this document is laid out anew. */
function writeDocument(text: string, index: number, after: Fields): string {
  let current = text;
  let value = valuesOf(text)[index];
  for (const edit of editsBetween(value, after)) {
    const wanted = withEdit(value, edit);
    const next = editText(current, index, { edit, wanted });
    if (next === undefined) return replaceDocument(text, index, renderBlock(after));
    current = next;
    value = wanted;
  }
  return current;
}

interface WantedEdit {
  readonly edit: Edit;
  readonly wanted: unknown;
}

function editText(text: string, index: number, { edit, wanted }: WantedEdit): string | undefined {
  const { documents } = parseYaml(text, '');
  const document = documents[index];
  if (document === undefined) return undefined;
  const expected = documents.map(({ value }, place) => (place === index ? wanted : value));
  const isRight = (candidate: string | undefined) =>
    candidate !== undefined && isDeepStrictEqual(valuesOf(candidate), expected);
  const spliced = spliceEdit(text, document.node, edit);
  if (isRight(spliced)) return spliced;
  const laidOut = layOut(text, index, edit);
  return isRight(laidOut) ? laidOut : undefined;
}

/** The library's own way: keeps comments and styles, but not every blank. */
function layOut(text: string, index: number, edit: Edit): string | undefined {
  const [start, end] = spansOf(text)[index] ?? [0, 0];
  const document = parseDocument(text.slice(start, end), PARSE_OPTIONS);
  try {
    applyEdit(document, edit);
    return replaceDocument(text, index, document.toString({ lineWidth: 0 }));
  } catch {
    // An edit through an alias, for one: the caller then renders the document afresh.
    return undefined;
  }
}

function applyEdit(document: Document.Parsed, { path, ...edit }: Edit): void {
  if (edit.type === 'Delete') document.deleteIn(path);
  else if (edit.type === 'Set') document.setIn(path, document.createNode(edit.value));
  else {
    const list = document.getIn(path.slice(0, -1)) as { items: unknown[] };
    list.items.splice(Number(path.at(-1)), 0, document.createNode(edit.value));
  }
}

function replaceDocument(text: string, index: number, content: string): string {
  const [start, end] = spansOf(text)[index] ?? [0, text.length];
  const marker = /^---(?=\s)/.test(text.slice(start)) && !/^---(?=\s)/m.test(content) ? '---\n' : '';
  const ending = content.endsWith('\n') ? '' : '\n';
  return `${text.slice(0, start)}${marker}${content}${ending}${text.slice(end)}`;
}

function withoutDocument(text: string, index: number): string {
  const [start, end] = spansOf(text)[index] ?? [0, 0];
  return text.slice(0, start) + text.slice(end);
}

/** Where each document with content stands: from its `---`, or the start of the text, to the next one's. */
function spansOf(text: string): readonly (readonly [start: number, end: number])[] {
  const { documents } = parseYaml(text, '');
  const starts = documents.map(({ node }, place) => {
    if (place === 0) return 0;
    const previous = documents[place - 1]?.node.range[2] ?? 0;
    // A document that was ended with '...' keeps that line; directives (%YAML) belong to the one that follows.
    const between = text.slice(previous, node.range[0]);
    const ended = /^\.\.\.[^\n]*\n/m.exec(between);
    return ended === null ? node.range[0] : previous + ended.index + ended[0].length;
  });
  return starts.map((start, place) => [start, starts[place + 1] ?? text.length]);
}

function valuesOf(text: string): readonly unknown[] {
  const { documents, problems } = parseYaml(text, '');
  return problems.length > 0 ? [] : documents.map(({ value }) => value);
}

/** Without fields that are undefined, as a file would hold it. */
function plain(object: object): Fields {
  return JSON.parse(JSON.stringify(object)) as Fields;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: Fields): value is Fields & { readonly items: readonly unknown[] } {
  return value['kind'] === 'List' && Array.isArray(value['items']);
}
