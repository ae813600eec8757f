import { parseAllDocuments, stringify } from 'yaml';
import { MuxletError } from '../api/errors.ts';
import type { Located } from '../store/specs/locate.ts';
import { replaceObject } from '../store/specs/rewrite.ts';
import { validateText } from '../store/specs/validate-text.ts';
import { rewritten } from './spec-text.ts';

/** The text of the document that holds an object, comments and all; of an item of a List, the item written out. */
export function documentOf(text: string, place: Located): string {
  if (place.itemIndex !== undefined) return stringify(place.object, { lineWidth: 0 });
  const [start, end] = spanOf(text, place.documentIndex);
  return text.slice(start, end);
}

/** The text with another text in the place of the object's document. */
export function withDocument(text: string, place: Located, document: string): string {
  if (place.itemIndex !== undefined) {
    const object = validateText(document, place.file).objects[0]?.object;
    if (object === undefined) throw new MuxletError('MUX_SPEC_INVALID', 'no object is left');
    return rewritten(replaceObject(text, place.kind, place.name, object), place.file) ?? '';
  }
  const [start, end] = spanOf(text, place.documentIndex);
  const closed = document.endsWith('\n') || end === text.length ? document : `${document}\n`;
  return text.slice(0, start) + closed + text.slice(end);
}

/** From behind the document's `---`, with the comments before it, up to the next marker. */
function spanOf(text: string, index: number): readonly [number, number] {
  const markers = [...text.matchAll(/^(?:---(?:[ \t]*(?:#.*)?)?|\.\.\.[ \t]*)(?:\r?\n|$)/gm)];
  const documents = parseAllDocuments(text, { uniqueKeys: false });
  const document = Array.isArray(documents) ? documents[index] : undefined;
  const at = document?.contents?.range?.[0] ?? 0;
  const before = markers.findLast((marker) => marker.index < at);
  const after = markers.find((marker) => marker.index > at);
  return [before === undefined ? 0 : before.index + before[0].length, after?.index ?? text.length];
}
