/**
 * Checks of what was read from a file, in small pieces that are put together to the shape of a type. A check returns
 * the value, or undefined if it is of no use. A record keeps the order of its fields, leaves out what it does not know,
 * and tells `dropped` of each field that it left out or replaced because it was malformed.
 */
export type Check = (value: unknown, place: Place) => unknown;

export interface Place {
  readonly path: string;
  readonly dropped: (path: string) => void;
}

export interface Rule {
  readonly check: Check;
  /** Without a valid value of its own, the record is of no use (`need`), lacks the field (`may`), or has this (`or`). */
  readonly missing: 'Need' | 'May' | { readonly or: unknown };
}

export const need = (check: Check): Rule => ({ check, missing: 'Need' });
export const may = (check: Check): Rule => ({ check, missing: 'May' });
export const or = (check: Check, otherwise: unknown): Rule => ({ check, missing: { or: otherwise } });

export const text: Check = (value) => (typeof value === 'string' ? value : undefined);
export const name: Check = (value) => (typeof value === 'string' && value !== '' ? value : undefined);
export const flag: Check = (value) => (typeof value === 'boolean' ? value : undefined);
/** A whole number from 0. */
export const count: Check = (value) => (Number.isSafeInteger(value) && Number(value) >= 0 ? value : undefined);
/** A number from 0. */
export const amount: Check = (value) => (Number.isFinite(value) && Number(value) >= 0 ? value : undefined);
/** Milliseconds since the epoch, of a time that a Date can be. */
export const instant: Check = (value) =>
  Number.isFinite(value) && Math.abs(Number(value)) <= 8.64e15 ? value : undefined;
/** A whole number from 1. */
export const ordinal: Check = (value, place) => (value === 0 ? undefined : count(value, place));

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** A timestamp of ISO 8601 with a zone. */
export const time: Check = (value) =>
  typeof value === 'string' && ISO_TIME.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined;

/** One of the keys of `names`, spelled exactly so; a record, so that the compiler sees when one is missing. */
export function oneOf<Name extends string>(names: Readonly<Record<Name, true>>): Check {
  return (value) => (typeof value === 'string' && Object.hasOwn(names, value) ? value : undefined);
}

/** A list without its elements of no use. */
export function listOf(check: Check): Check {
  return (value, place) => {
    if (!Array.isArray(value)) return undefined;
    return value.flatMap((element: unknown, index) => {
      const path = `${place.path}[${index}]`;
      const kept = check(element, { ...place, path });
      if (kept !== undefined) return [kept];
      place.dropped(path);
      return [];
    });
  };
}

/** An object with any keys, without its values of no use. */
export function mapOf(check: Check): Check {
  return (value, place) => {
    if (!isRecord(value)) return undefined;
    const entries = Object.entries(value).flatMap(([key, element]) => {
      const path = `${place.path}.${key}`;
      const kept = check(element, { ...place, path });
      if (kept !== undefined) return [[key, kept] as const];
      place.dropped(path);
      return [];
    });
    return Object.fromEntries(entries);
  };
}

/** An object with the fields of `T`, all of them named: a field that the type gains is an error here until it is too. */
export function record<T extends object>(rules: Readonly<Record<keyof T & string, Rule>>): Check {
  const known = Object.entries<Rule>(rules);
  return (value, place) => {
    if (!isRecord(value)) return undefined;
    const result: Record<string, unknown> = {};
    for (const [field, raw] of Object.entries(value)) {
      if (!Object.hasOwn(rules, field)) continue;
      const path = `${place.path}.${field}`;
      const kept = rules[field as keyof T & string].check(raw, { ...place, path });
      if (kept === undefined) place.dropped(path);
      else result[field] = kept;
    }
    for (const [field, { missing }] of known) {
      if (field in result || missing === 'May') continue;
      if (missing === 'Need') return undefined;
      if (!Object.hasOwn(value, field)) place.dropped(`${place.path}.${field}`);
      result[field] = missing.or;
    }
    return result;
  };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
