import type { AgentStatus } from '../api/generated/all.ts';
import type { AgentVitals } from '../api/health.ts';
import type { MetricsHooks } from '../metrics/hooks.ts';

type Hooks = Omit<MetricsHooks['agentHooks'], 'onReplaced' | 'onProbe'>;
type Fault = Parameters<Hooks['onRecovered']>[0];

export interface Faults {
  /** Takes what is said of a project's agents now; `now` in milliseconds since the epoch. */
  seen(agents: readonly AgentStatus[], vitals: readonly AgentVitals[], now: number): void;
  forget(agentUid: string): void;
}

interface Known {
  readonly run: string | undefined;
  readonly exit: string | undefined;
  readonly ending: string | undefined;
  /** It has no login. */
  readonly isOut: boolean;
  /** What the agent is to be brought back from, and since when that is known. */
  readonly fault?: { readonly name: Fault; readonly since: number };
}

/** It says so, or ended of it; what has not run since says nothing new. */
function isWithoutLogin({ state, lastExit, pid }: AgentStatus, before: Known | undefined): boolean {
  if (state === 'NeedsAuth') return true;
  if (lastExit?.kind === 'Auth' && pid === undefined) return true;
  return before?.isOut === true && (state === 'Starting' || state === 'Unknown' || state === 'Pending');
}

/**
 * Counts how agents end and what they are recovered from, from one status to the next. An end that nobody was there to see
 * counts when it is found, after `startedAt`; what was found before that, the controller before us has counted.
 */
export function createFaults(hooks: Hooks, startedAt: number): Faults {
  const known = new Map<string, Known>();

  function faultOf(agent: AgentStatus, before: Known): Known['fault'] {
    const { termination, lastExit } = agent;
    const reason = termination?.reason;
    if (reason === 'Hung' || reason === 'ShellWithoutAgent' || reason === 'AccountRestored') {
      return { name: reason, since: Date.parse(termination?.since ?? '') };
    }
    if (before.fault !== undefined || lastExit === undefined || lastExit.run === before.exit) return before.fault;
    const { kind, finishedAt } = lastExit;
    const isFault = kind === 'Crash' || kind === 'OutOfMemory' || kind === 'Removed';
    return isFault ? { name: kind, since: Date.parse(finishedAt) } : undefined;
  }

  function take(agent: AgentStatus, vitals: AgentVitals | undefined, now: number): Known {
    const { uid, run, pid, lastExit, termination } = agent;
    const isNews = lastExit !== undefined && Date.parse(lastExit.finishedAt) >= startedAt;
    const isOut = isWithoutLogin(agent, known.get(uid));
    const after = { run, exit: lastExit?.run, ending: termination?.reason, isOut };
    const before = known.get(uid) ?? (isNews ? { ...after, run: lastExit.run, exit: undefined } : undefined);
    if (before === undefined) return after;
    if (lastExit?.kind !== undefined && lastExit.run !== before.exit) hooks.onExit(lastExit.kind);
    if (isOut && !before.isOut) hooks.onAuthFailure();
    const fault = faultOf(agent, before);
    if (termination !== undefined && before.ending === undefined) begun(termination.reason, vitals, now);
    if (fault === undefined) return after;
    const isBack = pid !== undefined && run !== before.run && termination === undefined;
    if (!isBack) return { ...after, run: before.run, fault };
    hooks.onRecovered(fault.name, Math.max(0, now - fault.since));
    return after;
  }

  function begun(reason: string, vitals: AgentVitals | undefined, now: number): void {
    if (reason === 'AccountRestored') hooks.onRecovery(reason);
    if (reason !== 'Hung' && reason !== 'ShellWithoutAgent') return;
    hooks.onRecovery(reason);
    if (vitals?.stuck !== undefined) hooks.onDetected(reason, Math.max(0, now - vitals.stuck.since));
  }

  return {
    seen(agents, vitals, now) {
      for (const agent of agents) {
        const own = vitals.find(({ agent: name }) => name === agent.name);
        known.set(agent.uid, take(agent, own, now));
      }
    },
    forget: (uid) => void known.delete(uid),
  };
}
