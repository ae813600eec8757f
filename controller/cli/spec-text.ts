import type { AgentClass, Project } from '../api/generated/all.ts';
import type { SpecKind } from '../api/kinds.ts';
import type { Problem } from '../api/problem.ts';
export interface Id { readonly kind: SpecKind; readonly name: string }
export interface Validated {
  readonly objects: readonly { readonly kind: SpecKind; readonly name: string; readonly line: number; readonly column: number; readonly object: Project | AgentClass }[];
  readonly problems: readonly Problem[];
}
export function validateText(_text: string, _file: string): Validated { throw new Error('stub'); }
export function replaceObject(_text: string, _id: Id, _object: Project | AgentClass): string { throw new Error('stub'); }
export function removeObject(_text: string, _id: Id): string | undefined { throw new Error('stub'); }
export function documentOf(_text: string, _id: Id): string { throw new Error('stub'); }
