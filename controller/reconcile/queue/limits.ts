import type { QueueSpec } from '../../api/generated/all.ts';
import type { Ground, QueueEntry } from '../../api/queueing.ts';

/** What the limits leave, counted down as slots are given. */
export interface Room {
  /** Why nobody fits any more. */
  full(): Ground | undefined;
  /** Why this one does not fit now. */
  lacks(entry: QueueEntry): Ground | undefined;
  take(entry: QueueEntry): void;
}

/** @param slots how many are taken; @param owners those of their owners that are known */
export function createRoom(spec: QueueSpec, slots: number, owners: readonly QueueEntry[]): Room {
  const { maxRunning, maxAgents, maxAgentsPerClass = {} } = spec;
  const byClass = new Map<string, number>();
  let running = slots;
  let agents = 0;

  function count(entry: QueueEntry): void {
    for (const [name, number] of entry.agents) {
      agents += number;
      byClass.set(name, (byClass.get(name) ?? 0) + number);
    }
  }

  for (const owner of owners) count(owner);
  return {
    full() {
      if (maxRunning === undefined || running < maxRunning) return undefined;
      const message = maxRunning === 0 ? 'maxRunning is 0' : `all ${maxRunning} slots are taken`;
      return { reason: 'SlotsTaken', message };
    },
    lacks(entry) {
      const wanted = agentsOf(entry);
      if (maxAgents !== undefined && agents + wanted > maxAgents) {
        const message = `it needs ${wanted} agents, and ${agents} of at most ${maxAgents} run`;
        return { reason: 'AgentsTaken', message };
      }
      for (const [name, number] of entry.agents) {
        const limit = maxAgentsPerClass[name];
        const taken = byClass.get(name) ?? 0;
        if (limit === undefined || taken + number <= limit) continue;
        const message = `it needs ${number} agents of class ${name}, and ${taken} of at most ${limit} run`;
        return { reason: 'AgentsTaken', message };
      }
      return undefined;
    },
    take(entry) {
      running += 1;
      count(entry);
    },
  };
}

/** What is larger than the queue itself would wait for ever, and keep everybody behind it waiting. */
export function neverFits({ maxAgents, maxAgentsPerClass }: QueueSpec, entry: QueueEntry): Ground | undefined {
  if (maxAgents === undefined && maxAgentsPerClass === undefined) return undefined;
  const wanted = agentsOf(entry);
  if (maxAgents !== undefined && wanted > maxAgents) {
    return { reason: 'NeverFits', message: `it needs ${wanted} agents, and the queue lets ${maxAgents} run` };
  }
  for (const [name, number] of entry.agents) {
    const limit = maxAgentsPerClass?.[name];
    if (limit === undefined || number <= limit) continue;
    return {
      reason: 'NeverFits',
      message: `it needs ${number} agents of class ${name}, and the queue lets ${limit} run`,
    };
  }
  return undefined;
}

function agentsOf({ agents }: QueueEntry): number {
  let sum = 0;
  for (const number of agents.values()) sum += number;
  return sum;
}
