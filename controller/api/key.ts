import { SPEC_KINDS, type SpecKind } from './kinds.ts';

/** What the work queue holds: kind and name, nothing of what happened. */
export type Key = `${Lowercase<SpecKind>}/${string}`;

const KINDS_BY_FOLDER = new Map<string, SpecKind>(SPEC_KINDS.map((kind) => [kind.toLowerCase(), kind]));

export function keyOf(kind: SpecKind, name: string): Key {
  return `${kind.toLowerCase() as Lowercase<SpecKind>}/${name}`;
}

export function kindOf(key: Key): SpecKind {
  return KINDS_BY_FOLDER.get(key.slice(0, key.indexOf('/'))) ?? 'Project';
}

/** Those of one kind, in their order. */
export function ofKind(kind: SpecKind, keys: readonly Key[]): Key[] {
  // Of thousands, again and again: without a word made of each.
  const folder = keyOf(kind, '');
  return keys.filter((key) => key.startsWith(folder));
}

export function nameOf(key: Key): string {
  return key.slice(key.indexOf('/') + 1);
}
