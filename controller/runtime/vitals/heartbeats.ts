/**
 * Watches for signs of work of agents whose project has a deadline: output, and processor time of what runs below them.
 * Signs come from the work alone: an agent that is frozen gives none, however often it is looked at.
 */
import type { SignOfWork } from '../../api/health.ts';
import type { Clock } from '../ports.ts';
import type { SeenProject } from '../project-worker.ts';
import type { ListedActivity } from './vitals.ts';

export interface HeartbeatOptions {
  readonly clock: Clock;
  /** Looks at the processes below some; what is gone is left out. Undefined: they could not be looked at. */
  readonly trees: (pids: readonly number[]) => Promise<ReadonlyMap<number, { readonly cpuMs: number }> | undefined>;
  readonly onError: (error: unknown) => void;
}

export interface Heartbeats {
  seen(project: SeenProject): void;
  /** Told of every look at everything: when which window last had output. */
  listed(panes: readonly ListedActivity[]): void;
  results(projectUid: string): readonly SignOfWork[];
  forget(projectUid: string): void;
  close(): void;
}

interface Watched {
  readonly agent: string;
  readonly run: string;
  readonly pid: number;
  everyMs: number;
  dueAt: number;
  /** The last sign, in milliseconds since the epoch. */
  beatAt?: number;
  sample?: { readonly at: number; readonly cpuMs: number };
}

/** Less than this part of a processor is what a program takes that only waits. */
const IDLE_SHARE = 0.01;
const LEAST_MS = 250;
const MOST_MS = 30_000;

export function createHeartbeats({ clock, trees, onError }: HeartbeatOptions): Heartbeats {
  /** Per project, by run. */
  const projects = new Map<string, Map<string, Watched>>();
  let cancel: (() => void) | undefined;
  let closed = false;

  const all = (): Watched[] => [...projects.values()].flatMap((runs) => [...runs.values()]);

  function schedule(): void {
    if (closed || cancel !== undefined) return;
    const next = Math.min(...all().map(({ dueAt }) => dueAt));
    if (!Number.isFinite(next)) return;
    // However the clock is set, it is looked again soon enough.
    cancel = clock.after(Math.min(MOST_MS, Math.max(0, next - clock.now())), () => {
      cancel = undefined;
      look().catch(onError).finally(schedule);
    });
  }

  async function look(): Promise<void> {
    const now = clock.now();
    const due = all().filter(({ dueAt, everyMs }) => dueAt <= now || dueAt > now + everyMs);
    if (due.length === 0) return;
    for (const watched of due) watched.dueAt = now + watched.everyMs;
    const found = await trees(due.map(({ pid }) => pid));
    for (const watched of due) {
      const cpuMs = found?.get(watched.pid)?.cpuMs;
      if (cpuMs !== undefined) take(watched, { at: now, cpuMs });
    }
  }

  function take(watched: Watched, sample: { readonly at: number; readonly cpuMs: number }): void {
    const before = watched.sample;
    watched.sample = sample;
    if (before === undefined) return;
    const worked = sample.cpuMs - before.cpuMs > Math.max(0, sample.at - before.at) * IDLE_SHARE;
    if (worked) watched.beatAt = sample.at;
  }

  return {
    seen({ uid, desired, tmux, status }) {
      if (tmux.state === 'Unknown' || desired.type === 'Rejected') return;
      const deadline = desired.type === 'Present' ? desired.project.course.deadline : undefined;
      const isOver = status.run?.stage === 'Finished';
      if (deadline === undefined || isOver) {
        projects.delete(uid);
        return;
      }
      const everyMs = Math.min(MOST_MS, Math.max(LEAST_MS, deadline.heartbeatMs / 4));
      const old = projects.get(uid);
      const kept = new Map<string, Watched>();
      for (const { mark, dead, pid } of tmux.value.panes) {
        if (mark?.uid !== uid || dead) continue;
        const { agent, run } = mark;
        const known = old?.get(run);
        const watched = known?.pid === pid ? known : { agent, run, pid, everyMs, dueAt: clock.now() };
        watched.everyMs = everyMs;
        kept.set(run, watched);
      }
      projects.set(uid, kept);
      schedule();
    },
    listed(panes) {
      if (projects.size === 0) return;
      const runs = new Map(all().map((watched) => [watched.run, watched]));
      const now = clock.now();
      for (const { mark, windowActivity } of panes) {
        const watched = mark === undefined ? undefined : runs.get(mark.run);
        if (watched === undefined || windowActivity === 0) continue;
        // Told in whole seconds.
        const at = Math.min(now, windowActivity * 1000);
        watched.beatAt = Math.max(at, Math.min(now, watched.beatAt ?? 0));
      }
    },
    results: (uid) =>
      [...(projects.get(uid)?.values() ?? [])].flatMap(({ agent, run, beatAt }) =>
        beatAt === undefined ? [] : [{ agent, run, at: beatAt }],
      ),
    forget(uid) {
      projects.delete(uid);
    },
    close() {
      closed = true;
      cancel?.();
    },
  };
}
