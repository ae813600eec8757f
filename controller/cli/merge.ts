import type { Agent, AgentStatus, AgentTemplate, Project, ProjectStatus } from '../api/generated/all.ts';
import { API_VERSION } from '../api/kinds.ts';
import { agentUid, hashOf, type StoredObject } from '../api/metadata.ts';
import type { Problem } from '../api/problem.ts';
import type { ProblemObject, ProjectObject } from './object.ts';

export interface ProjectSources {
  /** What is wanted: what stands in specs/, or the last good version of it where that is broken. */
  readonly spec: Project | undefined;
  /** What stands in state/. */
  readonly stored: StoredObject | undefined;
}

/**
 * One Project out of what a person wrote and what the controller saw. One that no controller has seen yet is Pending;
 * one whose spec is gone is Terminating.
 */
export function mergeProject(name: string, { spec, stored }: ProjectSources): ProjectObject {
  const labels = spec?.metadata.labels ?? stored?.metadata.labels;
  const annotations = spec?.metadata.annotations ?? stored?.metadata.annotations;
  return {
    apiVersion: API_VERSION,
    kind: 'Project',
    metadata: {
      ...stored?.metadata,
      name,
      ...(labels !== undefined && { labels: { ...labels } }),
      ...(annotations !== undefined && { annotations: { ...annotations } }),
    },
    ...(spec !== undefined && { spec: spec.spec }),
    status: mergeStatus(stored?.status, spec === undefined),
  };
}

function mergeStatus(seen: ProjectStatus | undefined, gone: boolean): ProjectStatus {
  const status: ProjectStatus = seen ?? { observedGeneration: 0, phase: 'Pending', conditions: [], agents: [] };
  return gone ? { ...status, phase: 'Terminating' } : status;
}

/** The agents of a project: those that were seen, and those that its spec names and nobody has seen yet. */
export function agentsOf(project: ProjectObject): readonly Agent[] {
  const templates = new Map(project.spec?.agents.map((template) => [template.name, template]));
  const seen = new Set(project.status.agents.map(({ name }) => name));
  const unseen = [...templates.values()]
    .filter(({ name }) => !seen.has(name))
    .map((each) => unseenStatus(project, each));
  return [...project.status.agents, ...unseen].map((status) => agentOf(project, status, templates.get(status.name)));
}

function unseenStatus(project: ProjectObject, template: AgentTemplate): AgentStatus {
  return {
    name: template.name,
    uid: project.metadata.uid === undefined ? '' : agentUid(project.metadata.uid, template.name),
    class: template.class ?? 'shell',
    state: 'Pending',
    ready: false,
    restarts: 0,
    failures: 0,
  };
}

function agentOf(project: ProjectObject, status: AgentStatus, template: AgentTemplate | undefined): Agent {
  const { metadata, spec } = project;
  const workingDir = template?.workingDir ?? spec?.workingDir;
  return {
    apiVersion: API_VERSION,
    kind: 'Agent',
    metadata: {
      name: `${metadata.name}.${status.name}`,
      uid: status.uid,
      ...(metadata.labels !== undefined && { labels: metadata.labels }),
      ...(metadata.creationTimestamp !== undefined && { creationTimestamp: metadata.creationTimestamp }),
      ownerReferences: [
        { apiVersion: API_VERSION, kind: 'Project', name: metadata.name, uid: metadata.uid ?? '', controller: true },
      ],
    },
    spec: {
      project: metadata.name,
      class: status.class,
      ...(template?.command !== undefined && { command: template.command }),
      ...(workingDir !== undefined && { workingDir }),
      ...(template !== undefined && { restartPolicy: template.restartPolicy ?? 'Always' }),
    },
    status,
  };
}

export function problemObject(problem: Problem): ProblemObject {
  const file = problem.file.slice(problem.file.lastIndexOf('/') + 1);
  return { apiVersion: API_VERSION, kind: 'Problem', metadata: { name: `${file}.${hashOf(problem)}` }, ...problem };
}
