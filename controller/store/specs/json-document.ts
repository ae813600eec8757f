/** Deeper ones are left to the reader of YAML, which has the last word on depth. */
const MAX_DEPTH = 50;

/**
 * The value of a text that is one JSON object and nothing else, as programs write it: in a fortieth of the time that it takes to
 * read it as the YAML that it is as well (the first 300 specs of a process, measured). Undefined: it is no such text, or one in which something is to be told by its place, such
 * as a key that stands twice.
 */
export function readJsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!text.startsWith('{')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return countKeys(value, 0) === countWrittenKeys(text) ? (value as Record<string, unknown>) : undefined;
}

/** NaN if it is too deep: no number is the same. */
function countKeys(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > MAX_DEPTH) return Number.NaN;
  const isList = Array.isArray(value);
  let count = 0;
  for (const part of isList ? value : Object.values(value)) count += countKeys(part, depth + 1) + (isList ? 0 : 1);
  return count;
}

/** In JSON a string is a key if a colon follows. */
function countWrittenKeys(text: string): number {
  let count = 0;
  for (const [, colon] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g)) if (colon !== undefined) count += 1;
  return count;
}
