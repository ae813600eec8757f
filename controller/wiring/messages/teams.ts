import type { EventNote } from '../../api/decision.ts';
import type { DesiredAgent } from '../../api/desired.ts';
import type { Message } from '../../api/generated/all.ts';
import { nameOf } from '../../api/key.ts';
import { toHub } from '../../reconcile/reports/route.ts';
import { judgeTeam, type TeamWait } from '../../reconcile/reports/waiting-team.ts';
import type { SeenProject } from '../../runtime/project-worker.ts';

export interface TeamsOptions {
  /** How long a team may wait for itself, in milliseconds. */
  readonly afterMs: number;
  readonly send: (message: Message) => void;
  readonly onEvent: (project: string, note: EventNote) => void;
  /** Has the project looked at again. */
  readonly hintIn: (project: string, ms: number) => void;
  readonly now: () => number;
}

/** Sees teams in which nobody can go on, and puts that before the hub once; before a person where there is no hub. */
export function createTeams({ afterMs, send, onEvent, hintIn, now }: TeamsOptions) {
  const waits = new Map<string, TeamWait>();
  return {
    seen({ key, uid, desired, status }: SeenProject): void {
      if (desired.type !== 'Present') return;
      const hub = hubOf(desired.project.agents);
      const before = waits.get(uid);
      const { wait, text } = judgeTeam({ agents: status.agents, hub, previous: before, afterMs, now: now() });
      if (wait === undefined) waits.delete(uid);
      else waits.set(uid, wait);
      if (wait?.told === false && wait.since !== before?.since) hintIn(nameOf(key), afterMs + 100);
      if (text === undefined || wait === undefined) return;
      const project = nameOf(key);
      onEvent(project, { type: 'Warning', reason: 'TeamWaits', message: text });
      if (hub !== undefined) send(toHub(`team-waits-${uid.slice(0, 8)}-${wait.since}`, { project, hub }, text));
    },
    forget(uid: string): void {
      waits.delete(uid);
    },
  };
}

function hubOf(agents: readonly DesiredAgent[]): string | undefined {
  return agents.map(({ briefing }) => briefing?.hub).find((name) => name !== undefined);
}
