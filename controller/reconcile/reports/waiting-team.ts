import type { AgentStatus } from '../../api/generated/all.ts';

/** Since when nobody of a team has been able to go on, told from states and typed reports alone, never from words. */
export interface TeamWait {
  readonly since: number;
  /** It was put before somebody already. */
  readonly told: boolean;
}

export interface TeamInput {
  readonly agents: readonly AgentStatus[];
  readonly hub: string | undefined;
  readonly previous: TeamWait | undefined;
  /** How long a team may wait for itself, in milliseconds. */
  readonly afterMs: number;
  readonly now: number;
}

export interface TeamVerdict {
  readonly wait: TeamWait | undefined;
  /** To be put before the hub, or a person, now. */
  readonly text?: string;
}

/**
 * All agents but the hub wait for an answer or said that they are blocked, and the hub does nothing about it. A hub that
 * works may be about to: the time counts from when it is idle. It is told once, whatever it does with that; again only
 * after one of the others went on, or reported anew.
 */
export function judgeTeam({ agents, hub, previous, afterMs, now }: TeamInput): TeamVerdict {
  const workers = agents.filter(({ name }) => name !== hub);
  if (workers.length === 0 || agents.length < 2 || !workers.every(isStopped)) return { wait: undefined };
  const reportedAt = Math.max(...workers.map(({ report }) => (report === undefined ? 0 : Date.parse(report.at))));
  if (previous?.told === true && reportedAt <= previous.since) return { wait: previous };
  if (agents.some(({ state }) => state === 'Busy')) return { wait: undefined };
  const since = previous === undefined || previous.told ? now : previous.since;
  if (now - since < afterMs) return { wait: { since, told: false } };
  const minutes = Math.round((now - since) / 60_000);
  const reasons = workers.map((agent) => `${agent.name}: ${reasonOf(agent)}`).join('; ');
  const text = `nobody of the team has been able to go on for ${minutes} min, each waits for another. ${reasons}. Decide what is done next, and tell them.`;
  return { wait: { since, told: true }, text };
}

function isStopped({ state, report }: AgentStatus): boolean {
  if (state === 'Waiting') return true;
  return state === 'Idle' && (report?.type === 'blocked' || report?.type === 'question');
}

function reasonOf({ state, reason, report }: AgentStatus): string {
  if (report?.type === 'blocked' || report?.type === 'question') {
    return `${report.type}${report.text === undefined ? '' : ` (${report.text.split('\n')[0]?.slice(0, 200)})`}`;
  }
  return reason ?? state;
}
