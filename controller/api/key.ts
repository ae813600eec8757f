import type { SpecKind } from './kinds.ts';

/** What the work queue holds: kind and name, nothing of what happened. */
export type Key = `${Lowercase<SpecKind>}/${string}`;

export function keyOf(kind: SpecKind, name: string): Key {
  return `${kind.toLowerCase() as Lowercase<SpecKind>}/${name}`;
}

export function kindOf(key: Key): SpecKind {
  return key.startsWith('project/') ? 'Project' : 'AgentClass';
}

export function nameOf(key: Key): string {
  return key.slice(key.indexOf('/') + 1);
}
