import type { CheckIn, Message } from './generated/all.ts';
import { API_VERSION } from './kinds.ts';

type Agents = readonly {
  readonly name: string;
  readonly checkIns?: readonly CheckIn[];
}[];

/** The check-ins of a project's agents, as the Messages that they are. No person's Message can bear such a name. */
export function checkInMessages(project: string, agents: Agents): Message[] {
  return agents.flatMap(({ name: agent, checkIns = [] }) =>
    checkIns.map(({ every, text }, index) => ({
      apiVersion: API_VERSION,
      kind: 'Message' as const,
      metadata: { name: `${project}.${agent}.check-in-${index + 1}` },
      spec: { to: { project, agent }, text, every },
    })),
  );
}

/** The project and agent of a check-in by its name; undefined for any other Message. */
export function checkInOf(name: string): { readonly project: string; readonly agent: string } | undefined {
  const [project, agent, which, ...rest] = name.split('.');
  if (project === undefined || agent === undefined || which?.startsWith('check-in-') !== true) return undefined;
  return rest.length === 0 ? { project, agent } : undefined;
}
