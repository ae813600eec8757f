/**
 * All that stands at a dotted path in a record: `payload.error`, `content.0.text`; `*` is any entry, and `*~` at the end
 * the name of any entry.
 */
export function fieldsOf(record: unknown, path: string): readonly unknown[] {
  return path
    .split('.')
    .reduce<readonly unknown[]>((values, name) => values.flatMap((value) => below(value, name)), [record]);
}

/** The first of what stands there; undefined if nothing does. */
export function fieldOf(record: unknown, path: string): unknown {
  return fieldsOf(record, path)[0];
}

function below(value: unknown, name: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (name === '*') return Object.values(value);
  if (name === '*~') return Object.keys(value);
  return Object.hasOwn(value, name) ? [(value as Readonly<Record<string, unknown>>)[name]] : [];
}

/** A value written as text; undefined for what is not there. Lists and objects are written as JSON. */
export function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value);
  } catch {
    return undefined; // nested deeper than anybody writes
  }
}

/** Absent, null, or an empty list, text or object. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
