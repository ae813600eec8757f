import { readdirSync, readFileSync } from 'node:fs';
import type { World } from './world.ts';

export interface AgentProcess {
  readonly pid: number;
  readonly uid: string;
  readonly agent: string;
}

/** Every process of this world that bears an agent's mark, by its environment: what runs, whatever anybody says of it. */
export function agentProcesses({ env }: World): AgentProcess[] {
  const found: AgentProcess[] = [];
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const variables = environmentOf(entry);
    const uid = variables.get('MUXLET_UID');
    const agent = variables.get('MUXLET_AGENT');
    if (variables.get('TMUX_TMPDIR') !== env['TMUX_TMPDIR'] || uid === undefined || agent === undefined) continue;
    found.push({ pid: Number(entry), uid, agent });
  }
  return found;
}

/** `uid/agent` of each process, sorted: equal lists mean that none is missing, double or left over. */
export function agentNames(world: World): string[] {
  return agentProcesses(world)
    .map(({ uid, agent }) => `${uid}/${agent}`)
    .sort();
}

/** The agents' pids by name, as the status says. */
export function pidsOf(world: World, project: string): Record<string, number | undefined> {
  const agents = world.status(project)?.status.agents ?? [];
  return Object.fromEntries(agents.map(({ name, pid }) => [name, pid]));
}

function environmentOf(pid: string): Map<string, string> {
  try {
    const pairs = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
  } catch {
    return new Map(); // it ended
  }
}
