/** Steps of a schedule, in few words. */
import type { Deed } from './schedule.ts';
import type { AgentSpec } from './sim-specs.ts';

/** Without agents, the spec is removed. */
export function edit(project: string, ...agents: AgentSpec[]) {
  return { type: 'Edit', project, agents: agents.length === 0 ? undefined : agents } as const;
}

export function agent(program: AgentSpec['program'], rest: Partial<AgentSpec> = {}): AgentSpec {
  return { name: 'a', program, version: 0, policy: 'Always', ...rest };
}

export function wait(ms: number) {
  return { type: 'Wait', ms } as const;
}

export function model(rest: Partial<AgentSpec> = {}): AgentSpec {
  return agent('stay', { class: 'model', ...rest });
}

export function person(deed: Deed, which = 0, other = 0) {
  return { type: 'Person', deed, which, other } as const;
}
