/**
 * Which runs are the very first of their agents: nothing of an earlier one can be left, and nobody need look for it among
 * all processes. That is known of objects that began with this controller alone.
 */
export interface FirstRuns {
  /** An object begins, and none of its agents ever ran. */
  begun(uid: string): void;
  /** A run is about to be started. */
  launched(uid: string, agent: string, run: string): void;
  isFirst(uid: string, agent: string, run: string): boolean;
  forgotten(uid: string): void;
}

export function createFirstRuns(): FirstRuns {
  /** By object, then by agent; undefined once another was started: the two may have changed places. */
  const first = new Map<string, Map<string, string | undefined>>();

  return {
    begun: (uid) => void first.set(uid, new Map()),
    launched(uid, agent, run) {
      const runs = first.get(uid);
      runs?.set(agent, runs.has(agent) ? undefined : run);
    },
    isFirst: (uid, agent, run) => first.get(uid)?.get(agent) === run,
    forgotten: (uid) => void first.delete(uid),
  };
}
