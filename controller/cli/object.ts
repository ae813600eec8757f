import type { Agent, AgentClass, Event, Project } from '../api/generated/all.ts';
import type { OwnedMeta } from '../api/metadata.ts';
import type { Problem } from '../api/problem.ts';

type Owned = Partial<Omit<OwnedMeta, 'name' | 'labels' | 'annotations'>>;

/** A Project as verbs show it: what a person wrote and what the controller saw, merged. */
export interface ProjectObject {
  readonly apiVersion: Project['apiVersion'];
  readonly kind: 'Project';
  readonly metadata: Project['metadata'] & Owned;
  /** As written; absent once the file is gone. */
  readonly spec?: Project['spec'];
  readonly status: NonNullable<Project['status']>;
}

export interface AgentClassObject {
  readonly apiVersion: AgentClass['apiVersion'];
  readonly kind: 'AgentClass';
  readonly metadata: AgentClass['metadata'] & Owned;
  readonly spec: AgentClass['spec'];
}

export interface ProblemObject extends Problem {
  readonly apiVersion: Project['apiVersion'];
  readonly kind: 'Problem';
  readonly metadata: { readonly name: string };
}

/** An object of any kind that `get` shows. */
export type ApiObject = ProjectObject | AgentClassObject | Agent | Event | ProblemObject;

export type ObjectOf<Kind extends ApiObject['kind']> = Extract<ApiObject, { readonly kind: Kind }>;

export function labelsOf(object: ApiObject): Readonly<Record<string, string>> {
  return 'labels' in object.metadata ? (object.metadata.labels ?? {}) : {};
}
