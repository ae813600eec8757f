/** Steps of a schedule, in few words. */
import type { QueueSpec } from '../../controller/api/generated/all.ts';
import type { Deed } from './schedule.ts';
import { QUEUE } from './sim-queue.ts';
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

/** What the queue's file says from now on. */
export function queue(spec: QueueSpec | undefined) {
  return { type: 'Queue', spec } as const;
}

/** A project that stands in the queue. */
export function queued(project: string, ...agents: AgentSpec[]) {
  return { ...edit(project, ...agents), course: { queue: QUEUE } } as const;
}
