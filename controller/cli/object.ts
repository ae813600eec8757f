import type {
  Agent,
  AgentClass,
  AgentClassStatus,
  AgentRole,
  Alert,
  AlertStatus,
  Event,
  GitSource,
  GitSourceStatus,
  Message,
  Project,
  Queue,
  QueueStatus,
  Team,
} from '../api/generated/all.ts';
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

/** An object of any other kind that people write, as verbs show it. */
interface Shown<Written extends AgentClass | AgentRole | Team | Message | Queue | GitSource | Alert> {
  readonly apiVersion: Written['apiVersion'];
  readonly kind: Written['kind'];
  readonly metadata: Written['metadata'] & Owned;
  readonly spec: Written['spec'];
  /** Absent for what the controller says nothing of. */
  readonly status?: Readonly<Record<string, unknown>>;
}

export type AgentClassObject = Omit<Shown<AgentClass>, 'status'> & { readonly status?: AgentClassStatus };
export type AgentRoleObject = Shown<AgentRole>;
export type TeamObject = Shown<Team>;
export type MessageObject = Shown<Message>;
export type QueueObject = Omit<Shown<Queue>, 'status'> & { readonly status?: QueueStatus };
export type GitSourceObject = Omit<Shown<GitSource>, 'status'> & { readonly status?: GitSourceStatus };

export type AlertObject = Omit<Shown<Alert>, 'status'> & { readonly status?: AlertStatus };

export interface ProblemObject extends Problem {
  readonly apiVersion: Project['apiVersion'];
  readonly kind: 'Problem';
  readonly metadata: { readonly name: string };
}

/** An object of any kind that `get` shows. */
export type ApiObject =
  | ProjectObject
  | AgentClassObject
  | AgentRoleObject
  | TeamObject
  | MessageObject
  | QueueObject
  | GitSourceObject
  | AlertObject
  | Agent
  | Event
  | ProblemObject;

export type ObjectOf<Kind extends ApiObject['kind']> = Extract<ApiObject, { readonly kind: Kind }>;

export function labelsOf(object: ApiObject): Readonly<Record<string, string>> {
  return 'labels' in object.metadata ? (object.metadata.labels ?? {}) : {};
}
