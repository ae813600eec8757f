/**
 * Watches the processes of agents that are silent, and says which of them are stuck. Looks only: no agent is asked
 * anything, and no key is sent. One walk through the process table serves all that are due.
 */
import type { AgentReading } from '../../api/agent-reading.ts';
import type { DesiredAgent } from '../../api/desired.ts';
import type { AgentVitals } from '../../api/health.ts';
import type { Key } from '../../api/key.ts';
import type { Clock } from '../ports.ts';
import type { SeenProject } from '../project-worker.ts';
import { expectationOf, pauseMs } from './expectation.ts';
import { examine, firstSigns, moved, type Sample, stuckBy, type VitalSigns } from './vitals-state.ts';

export interface VitalsOptions {
  readonly clock: Clock;
  /** Looks at the processes below some; what is gone is left out. Undefined: they could not be looked at. */
  readonly trees: (pids: readonly number[]) => Promise<ReadonlyMap<number, Omit<Sample, 'at'>> | undefined>;
  readonly readings: (projectUid: string) => readonly AgentReading[];
  /** Whether the account of a class is out of order, so that nothing can be expected of its agents. */
  readonly isHeld: (className: string) => boolean;
  readonly onChange: (key: Key) => void;
  readonly onError: (error: unknown) => void;
}

/** A pane as a look at everything lists it. */
export interface ListedActivity {
  readonly mark?: { readonly run: string };
  /** Seconds since the epoch. */
  readonly windowActivity: number;
}

export interface Vitals {
  seen(project: SeenProject): void;
  /** Told of every look at everything: when which window last had output. */
  listed(panes: readonly ListedActivity[]): void;
  results(projectUid: string): readonly AgentVitals[];
  forget(projectUid: string): void;
  close(): void;
}

interface Watched {
  readonly key: Key;
  readonly uid: string;
  readonly pid: number;
  readonly run: string;
  agent: DesiredAgent;
  signs: VitalSigns;
  /** Being ended: what it shows is no news. */
  paused: boolean;
  dueAt: number;
}

export function createVitals({ clock, trees, readings, isHeld, onChange, onError }: VitalsOptions): Vitals {
  /** Per project, by agent. */
  const projects = new Map<string, Map<string, Watched>>();
  let cancel: (() => void) | undefined;
  let closed = false;

  const readingOf = ({ uid, agent, run }: Watched): AgentReading | undefined =>
    readings(uid).find((reading) => reading.agent === agent.name && reading.run === run);
  const all = (): Watched[] => [...projects.values()].flatMap((agents) => [...agents.values()]);

  function schedule(): void {
    if (closed || cancel !== undefined) return;
    const next = Math.min(...all().map(({ dueAt }) => dueAt));
    if (!Number.isFinite(next)) return;
    cancel = clock.after(Math.max(0, next - clock.now()), () => {
      cancel = undefined;
      look().catch(onError).finally(schedule);
    });
  }

  async function look(): Promise<void> {
    const now = clock.now();
    const due = all().filter(({ dueAt }) => dueAt <= now);
    const silent = due.filter((watched) => isSilent(watched, now));
    if (silent.length === 0) return;
    const found = await trees(silent.map(({ pid }) => pid));
    for (const watched of silent) {
      const tree = found?.get(watched.pid);
      if (tree !== undefined) take(watched, { ...tree, at: now });
    }
  }

  /** Sets when it is due next; says whether there is anything to look at before. */
  function isSilent(watched: Watched, now: number): boolean {
    const reading = readingOf(watched);
    const expected = expectationOf(watched.agent, reading);
    const pause = expected === undefined ? 10_000 : pauseMs(expected);
    watched.dueAt = now + pause;
    if (reading !== undefined && !watched.paused) watched.signs = moved(watched.signs, Math.min(now, reading.movedAt));
    // The clock stands still: what an agent did not do while it could not is not held against it.
    if (isHeld(watched.agent.class)) watched.signs = moved(watched.signs, now);
    return expected !== undefined && !watched.paused && now - watched.signs.movedAt >= pause;
  }

  function take(watched: Watched, sample: Sample): void {
    const expected = expectationOf(watched.agent, readingOf(watched));
    if (expected === undefined) return;
    const before = stuckBy(watched.signs)?.reason;
    watched.signs = examine(watched.signs, sample, expected);
    if (stuckBy(watched.signs)?.reason !== before) onChange(watched.key);
  }

  return {
    seen({ key, uid, desired, tmux, status }) {
      if (tmux.state === 'Unknown' || desired.type === 'Rejected') return;
      const old = projects.get(uid) ?? new Map<string, Watched>();
      const kept = new Map<string, Watched>();
      const agents = desired.type === 'Present' ? desired.project.agents : [];
      for (const { mark, dead, pid } of tmux.value.panes) {
        const agent = agents.find(({ name }) => name === mark?.agent);
        if (mark?.uid !== uid || dead || agent === undefined) continue;
        if (expectationOf(agent, undefined) === undefined) continue;
        const known = old.get(mark.agent);
        const now = clock.now();
        const fresh = { key, uid, pid, run: mark.run, agent, signs: firstSigns(now), paused: false, dueAt: now + 1000 };
        const watched = known?.run === mark.run && known.pid === pid ? known : fresh;
        watched.agent = agent;
        watched.paused = status.agents.some(
          ({ name, termination }) => name === mark.agent && termination !== undefined,
        );
        kept.set(mark.agent, watched);
      }
      if (kept.size === 0) projects.delete(uid);
      else projects.set(uid, kept);
      schedule();
    },
    listed(panes) {
      if (projects.size === 0) return;
      const activity = new Map(panes.flatMap(({ mark, windowActivity }) => (mark ? [[mark.run, windowActivity]] : [])));
      const now = clock.now();
      for (const watched of all()) {
        const seconds = activity.get(watched.run);
        // Told in whole seconds.
        if (seconds === undefined || watched.paused) continue;
        const before = stuckBy(watched.signs)?.reason;
        watched.signs = moved(watched.signs, Math.min(now, seconds * 1000 + 999));
        if (before !== undefined && stuckBy(watched.signs) === undefined) onChange(watched.key);
      }
    },
    results(uid) {
      return [...(projects.get(uid)?.values() ?? [])].map(({ agent, run, signs }) => {
        const stuck = stuckBy(signs);
        return { agent: agent.name, run, ...(stuck !== undefined && { stuck }) };
      });
    },
    forget(uid) {
      projects.delete(uid);
    },
    close() {
      closed = true;
      cancel?.();
    },
  };
}
