import type { ProjectStatus } from '../api/generated/all.ts';

export interface Replacements {
  /** Takes what is said of a project's agents now; `now` in milliseconds since the epoch. */
  seen(agents: ProjectStatus['agents'], now: number): void;
  forget(agentUid: string): void;
}

/** Tells how long each agent was without a process: from seeing its end to seeing it run again, backoff included. */
export function createReplacements(onReplaced: (ms: number) => void): Replacements {
  /** The run of each agent that was last seen running. */
  const runs = new Map<string, string>();
  return {
    seen(agents, now) {
      for (const { uid, pid, run, lastExit } of agents) {
        if (pid === undefined || run === undefined) continue;
        const before = runs.get(uid);
        runs.set(uid, run);
        if (before === undefined || before === run || lastExit?.run !== before) continue;
        onReplaced(Math.max(0, now - Date.parse(lastExit.finishedAt)));
      }
    },
    forget: (uid) => void runs.delete(uid),
  };
}
