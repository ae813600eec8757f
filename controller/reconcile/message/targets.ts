import type { Directory, KnownAgent, KnownProject } from '../../api/directory.ts';
import type { MessageSpec } from '../../api/generated/all.ts';
import { agentUid } from '../../api/metadata.ts';
import type { Reason } from '../../api/reasons.ts';

export interface Target {
  readonly project: string;
  readonly projectUid: string;
  readonly agent: string;
  readonly uid: string;
  readonly speaks: boolean;
}

export type Resolved =
  | { readonly type: 'Found'; readonly targets: readonly Target[] }
  /** Nobody can say yet: the specs are being read, or a project is about to be looked at for the first time. */
  | { readonly type: 'NotYet' }
  /** There is no such target. Nobody else gets it in its place. */
  | { readonly type: 'Unknown'; readonly reason: Reason; readonly message: string };

/** Which agents a message is for. One who sent it to several does not get it back. */
export function resolve({ to, from }: MessageSpec, directory: Directory): Resolved {
  const found = to.project === undefined ? selected(to.selector ?? {}, directory) : named(to.project, directory);
  if (found.type !== 'Projects') return found;
  const targets: Target[] = [];
  for (const project of found.projects) {
    if (project.uid === undefined) return { type: 'NotYet' };
    const { uid, name } = project;
    for (const agent of project.agents.filter((one) => fits(one, to))) {
      if (to.agent === undefined && from?.project === name && from.agent === agent.name) continue;
      const { speaks } = agent;
      targets.push({ project: name, projectUid: uid, agent: agent.name, uid: agentUid(uid, agent.name), speaks });
    }
  }
  if (targets.length > 0) return { type: 'Found', targets };
  return found.projects.every(({ isSure }) => isSure) ? nobody(to, found.projects) : { type: 'NotYet' };
}

type Projects = { readonly type: 'Projects'; readonly projects: readonly KnownProject[] };

function named(name: string, { projects, isComplete }: Directory): Projects | Exclude<Resolved, { type: 'Found' }> {
  const project = projects.find((one) => one.name === name);
  if (project !== undefined) return { type: 'Projects', projects: [project] };
  if (!isComplete) return { type: 'NotYet' };
  const known = projects
    .map((one) => one.name)
    .sort()
    .join(', ');
  return { type: 'Unknown', reason: 'UnknownProject', message: `there is no project ${name}; known: ${known}` };
}

function selected(
  selector: Readonly<Record<string, string>>,
  { projects, isComplete }: Directory,
): Projects | Exclude<Resolved, { type: 'Found' }> {
  const wanted = Object.entries(selector);
  const found = projects.filter(({ labels }) => wanted.every(([key, value]) => labels[key] === value));
  if (found.length > 0) return { type: 'Projects', projects: found };
  if (!isComplete) return { type: 'NotYet' };
  const words = wanted.map(([key, value]) => `${key}=${value}`).join(',');
  return { type: 'Unknown', reason: 'UnknownProject', message: `no project has the labels ${words}` };
}

function fits({ name, role }: KnownAgent, { agent, role: wanted }: MessageSpec['to']): boolean {
  return (agent === undefined || agent === name) && (wanted === undefined || wanted === role);
}

function nobody({ agent, role }: MessageSpec['to'], projects: readonly KnownProject[]): Resolved {
  const where = projects.map(({ name }) => name).join(', ');
  const all = projects.flatMap(({ agents }) => agents);
  if (agent !== undefined) {
    const known = all.map(({ name }) => name).join(', ');
    return { type: 'Unknown', reason: 'UnknownAgent', message: `${where} has no agent ${agent}; known: ${known}` };
  }
  if (role === undefined) {
    return { type: 'Unknown', reason: 'UnknownAgent', message: `${where} has no agent but the sender` };
  }
  const known = [...new Set(all.flatMap((one) => one.role ?? []))].join(', ') || 'none';
  return {
    type: 'Unknown',
    reason: 'UnknownRole',
    message: `${where} has no agent of the role ${role}; roles: ${known}`,
  };
}
