import { MuxletError } from '../api/errors.ts';
import type { KindInfo } from '../api/kinds.ts';
import { nearestName } from '../api/nearest-name.ts';
import type { ObjectOf } from './object.ts';
import { kindNamed, notFound } from './resources.ts';
import type { View } from './view.ts';

/**
 * The project that a verb like attach or logs is about: `web` or `project/web`, and as in kubectl also the agent's own
 * name, `web.dev` or `agent/web.dev`.
 */
export interface Target {
  readonly project: string;
  readonly agent?: string;
}

/** @throws MUX_USAGE where the argument names another kind, or the agent is named twice */
export function parseTarget(argument: string, agentFlag: string | undefined): Target {
  const [first = '', second] = argument.split('/');
  const name = second ?? first;
  const kind = second === undefined ? undefined : kindNamed(first).kind;
  if (kind !== undefined && kind !== 'Project' && kind !== 'Agent') {
    throw new MuxletError('MUX_USAGE', `"${argument}" names neither a project nor an agent`);
  }
  const dot = name.indexOf('.');
  const project = dot < 0 ? name : name.slice(0, dot);
  const agent = dot < 0 ? agentFlag : name.slice(dot + 1);
  if (kind === 'Agent' && dot < 0) throw new MuxletError('MUX_USAGE', `"${argument}" is no agent: write PROJECT.AGENT`);
  if (dot >= 0 && agentFlag !== undefined && agentFlag !== agent) {
    throw new MuxletError('MUX_USAGE', `"${argument}" already names an agent, and -a names another`);
  }
  return { project, ...(agent !== undefined && { agent }) };
}

/** @throws MUX_NOT_FOUND, with the nearest name there is */
export function findProject(view: View, name: string): ObjectOf<'Project'> {
  const projects = view.objects('Project');
  const project = projects.find(({ metadata }) => metadata.name === name);
  return project ?? failNotFound(kindNamed('projects'), name, projects);
}

function failNotFound(
  kind: KindInfo,
  name: string,
  objects: readonly { readonly metadata: { readonly name: string } }[],
): never {
  const near = nearestName(
    name,
    objects.map(({ metadata }) => metadata.name),
  );
  throw notFound(kind, name, near);
}

/**
 * The one agent of a project that is meant. An unknown name, or none where there are several, is an error that lists
 * the agents: never a guess, since a guess reads, or types to, somebody else.
 */
export function chooseAgent<Named extends { readonly name: string }>(
  project: string,
  agents: readonly Named[],
  wanted: string | undefined,
): Named {
  const names = agents.map(({ name }) => name).join(', ');
  const [only, second] = agents;
  if (only === undefined) throw new MuxletError('MUX_NOT_FOUND', `project "${project}" has no agents yet`);
  if (wanted === undefined) {
    if (second === undefined) return only;
    throw new MuxletError('MUX_USAGE', `an agent must be specified for project ${project}`, {
      hint: `choose one with -a: ${names}`,
    });
  }
  const agent = agents.find(({ name }) => name === wanted);
  if (agent !== undefined) return agent;
  throw new MuxletError('MUX_NOT_FOUND', `agent "${wanted}" not found in project ${project}`, {
    hint: `choose one of: ${names}`,
  });
}
