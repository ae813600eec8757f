import type { DesiredAgent, DesiredBriefing } from '../../controller/api/desired.ts';
import type { BriefingFacts } from '../../controller/briefing/variables.ts';

const TEAM = [
  { name: 'lead', role: 'orchestrator', class: 'claude' },
  { name: 'dev', role: 'developer', class: 'codex' },
  { name: 'log', class: 'shell' },
] as const;

export const FACTS: BriefingFacts = {
  project: 'shop',
  agentDir: '/state/agents/u1',
  muxlet: '/state/bin/muxlet',
  goal: 'Sell things.\n',
  commits: ['1a2b3c4 the cart', '0000001 a beginning'],
  reason: 'your program was ended by signal 9',
};

export function agentWith(briefing: Partial<DesiredBriefing> | undefined): DesiredAgent {
  return {
    name: 'dev',
    class: 'codex',
    argv: ['codex'],
    args: [],
    workingDir: '/src/shop',
    env: [],
    restartPolicy: 'Always',
    backoff: { initialMs: 1000, maxMs: 1000, resetAfterMs: 1000 },
    stop: { graceMs: 1000 },
    program: {},
    approvals: [],
    checkIns: [],
    ...(briefing !== undefined && { briefing: { team: TEAM, hub: 'lead', ...briefing } }),
    launchHash: 'h',
  };
}

export function role(first: string, recovery?: string): NonNullable<DesiredBriefing['role']> {
  const source = 'specs/roles.yaml';
  return { type: 'Known', name: 'developer', source, first, ...(recovery !== undefined && { recovery }) };
}
