import type { Json } from './render-json.ts';

type JsonObject = Readonly<Record<string, Json>>;

/** Lays `wanted` over `present`: objects key by key, lists gain what they lack, other values are replaced. */
export function mergeJson(present: Json | undefined, wanted: Json): Json {
  if (isObject(present) && isObject(wanted)) {
    const merged = new Map(Object.entries(present));
    for (const [key, value] of Object.entries(wanted)) merged.set(key, mergeJson(merged.get(key), value));
    return Object.fromEntries(merged);
  }
  if (Array.isArray(present) && Array.isArray(wanted)) {
    const known = new Set((present as readonly Json[]).map(canonical));
    return [
      ...(present as readonly Json[]),
      ...(wanted as readonly Json[]).filter((item) => !known.has(canonical(item))),
    ];
  }
  return wanted;
}

export type Mergeable =
  | { readonly type: 'Object'; readonly value: JsonObject }
  | { readonly type: 'Unmergeable'; readonly message: string };

/** What can be merged into: a JSON object. A file with nothing in it is an empty one. */
export function parseMergeable(text: string): Mergeable {
  if (text.trim() === '') return { type: 'Object', value: {} };
  try {
    // Some editors put a byte order mark in front.
    const value = JSON.parse(text.replace(/^\ufeff/, '')) as Json;
    const number = inexactNumber(text);
    if (number !== undefined) {
      return { type: 'Unmergeable', message: `the number ${number} in it would not be kept as it is` };
    }
    if (isObject(value)) return { type: 'Object', value };
    return { type: 'Unmergeable', message: 'it holds no JSON object' };
  } catch (error) {
    return { type: 'Unmergeable', message: `it is no valid JSON: ${error instanceof Error ? error.message : ''}` };
  }
}

export function isSameJson(a: Json, b: Json): boolean {
  return canonical(a) === canonical(b);
}

/** The order of keys means nothing; that of lists does. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`);
  return `{${entries.sort().join(',')}}`;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A whole number too large to be kept, or one beyond all numbers, outside of the texts in a JSON text. */
function inexactNumber(text: string): string | undefined {
  const bare = text.replaceAll(/"[^"\\]*(?:\\.[^"\\]*)*"/gs, '""');
  return [...bare.matchAll(/-?\d[\d.eE+-]*/g)]
    .map(([found]) => found)
    .find(
      (found) => !Number.isFinite(Number(found)) || (/^-?\d+$/.test(found) && !Number.isSafeInteger(Number(found))),
    );
}
