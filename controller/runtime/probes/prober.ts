/**
 * Runs the probes of the agents that run, and keeps what they say for the next look. Knows which runs there are from
 * what the workers saw; a new run of an agent starts anew. Changes nothing in the world but by what a probe does.
 */
import type { Desired, DesiredAgent } from '../../api/desired.ts';
import type { Probe, ProjectStatus } from '../../api/generated/all.ts';
import type { Key } from '../../api/key.ts';
import { hashOf } from '../../api/metadata.ts';
import type { Look, ObservedTmux, PaneMark, ProbeResult } from '../../api/observed.ts';
import { runStartedAt } from '../../api/observed.ts';
import type { Clock } from '../ports.ts';
import { createLimit } from './limit.ts';
import {
  advance,
  firstDue,
  nextDue,
  onChangedProbe,
  type ProbeOutcome,
  type ProbeState,
  UNPROBED,
} from './probe-state.ts';

/** One run of a probe's command, in the agent's directory and with its environment. */
export interface ProbeRun {
  readonly argv: readonly string[];
  readonly agent: DesiredAgent;
  readonly mark: PaneMark;
  readonly timeoutMs: number;
}

export interface ProberOptions {
  readonly clock: Clock;
  /** Never rejects, and settles soon after the signal. */
  readonly run: (run: ProbeRun, signal: AbortSignal) => Promise<ProbeOutcome>;
  /** Told what each probe said; one that was stopped says nothing. */
  readonly onOutcome?: (probe: Kind, outcome: ProbeOutcome['type']) => void;
  /** Told when what the probes say of an agent has changed. */
  readonly onChange: (key: Key) => void;
  readonly onError: (error: unknown) => void;
}

export interface Prober {
  /** Told of what a worker saw of a project, and what is wanted of it. */
  seen(project: {
    readonly key: Key;
    readonly uid: string;
    readonly desired: Desired;
    readonly tmux: Look<ObservedTmux>;
    readonly status: ProjectStatus;
  }): void;
  /** What the probes of a project say. */
  results(uid: string): readonly ProbeResult[];
  /** Ends all probes, those under way included. */
  close(): void;
}

type Kind = 'readiness' | 'liveness';

interface Target {
  readonly key: Key;
  readonly kind: Kind;
  readonly mark: PaneMark;
  agent: DesiredAgent;
  probe: Probe;
  state: ProbeState;
  /** The agent is being ended. */
  paused: boolean;
  /** Stops the timer, or the probe that runs. */
  stop: () => void;
}

const AT_ONCE = 8;
const TIMEOUT_S = 1;

export function createProber({ clock, run, onOutcome, onChange, onError }: ProberOptions): Prober {
  const limit = createLimit(AT_ONCE);
  /** Per project, by agent and kind. */
  const projects = new Map<string, Map<string, Target>>();

  function schedule(target: Target, dueAt: number): void {
    target.stop();
    target.stop = clock.after(Math.max(0, dueAt - clock.now()), () => {
      probe(target).catch(onError);
    });
  }

  async function probe(target: Target): Promise<void> {
    const abort = new AbortController();
    target.stop = () => {
      abort.abort();
    };
    const { probe: asked, agent, mark } = target;
    let begun = clock.now();
    const outcome = await limit(abort.signal, () => {
      begun = clock.now();
      const timeoutMs = (asked.timeoutSeconds ?? TIMEOUT_S) * 1000;
      return run({ argv: asked.exec.command, agent, mark, timeoutMs }, abort.signal);
    });
    if (outcome === undefined || abort.signal.aborted) return;
    onOutcome?.(target.kind, outcome.type);
    const before = target.state;
    target.state = advance(before, outcome, asked);
    // A run that is not alive is over: what follows is its end, whatever it would say on the way there.
    if (target.kind === 'liveness' && target.state.verdict === false) target.stop = () => undefined;
    else schedule(target, nextDue(asked, begun, clock.now()));
    if (before.verdict !== target.state.verdict || before.message !== target.state.message) onChange(target.key);
  }

  function begin(target: Target): Target {
    schedule(target, firstDue(target.probe, runStartedAt(target.mark.run) ?? clock.now()));
    return target;
  }

  function pause(target: Target): void {
    target.stop();
    target.paused = true;
  }

  /** Applied live: the new probe is asked at once, or after its delay. */
  function change(target: Target, agent: DesiredAgent, probe: Probe): void {
    const isSame = hashOf(probe) === hashOf(target.probe);
    const isOver = target.kind === 'liveness' && target.state.verdict === false;
    const goesOn = isSame && (isOver || !target.paused);
    target.agent = agent;
    target.probe = probe;
    target.paused = false;
    if (goesOn) return;
    if (!isSame) target.state = onChangedProbe(target.state);
    begin(target);
  }

  return {
    seen({ key, uid, desired, tmux, status }) {
      if (tmux.state === 'Unknown') return;
      const old = projects.get(uid) ?? new Map<string, Target>();
      const kept = new Map<string, Target>();
      const ending = new Set(
        status.agents.filter(({ termination }) => termination !== undefined).map(({ name }) => name),
      );
      for (const { mark, dead } of tmux.value.panes) {
        if (mark?.uid !== uid || dead) continue;
        for (const kind of ['readiness', 'liveness'] as const) {
          const id = `${mark.agent} ${kind}`;
          const known = old.get(id)?.mark.run === mark.run ? old.get(id) : undefined;
          const wanted = wantedOf(desired, mark, kind);
          if (wanted === 'None') continue;
          if (wanted !== 'AsBefore' && !ending.has(mark.agent)) {
            const { agent, probe: asked } = wanted;
            if (known !== undefined) change(known, agent, asked);
            const fresh = {
              key,
              kind,
              mark,
              agent,
              probe: asked,
              state: UNPROBED,
              paused: false,
              stop: () => undefined,
            };
            kept.set(id, known ?? begin(fresh));
          } else if (known !== undefined) {
            // What is being ended is asked no more; what was said of it still counts.
            if (ending.has(mark.agent)) pause(known);
            kept.set(id, known);
          }
        }
      }
      for (const [id, target] of old) if (kept.get(id) !== target) target.stop();
      if (kept.size === 0) projects.delete(uid);
      else projects.set(uid, kept);
    },
    results(uid) {
      const byAgent = new Map<string, ProbeResult>();
      for (const { kind, mark, state } of projects.get(uid)?.values() ?? []) {
        const { agent, run: of } = mark;
        const before = byAgent.get(agent) ?? { agent, run: of };
        const now = said(kind, state);
        const messages = [before.message, now.message].filter((message) => message !== undefined);
        const message = messages.length === 0 ? {} : { message: messages.join('; ') };
        byAgent.set(agent, { ...before, ...now, ...message });
      }
      return [...byAgent.values()];
    },
    close() {
      for (const targets of projects.values()) for (const target of targets.values()) target.stop();
      projects.clear();
    },
  };
}

/** What is to be asked of a run. `AsBefore`: the spec in force is another than the one that it was started from. */
function wantedOf(
  desired: Desired,
  mark: PaneMark,
  kind: Kind,
): { readonly agent: DesiredAgent; readonly probe: Probe } | 'AsBefore' | 'None' {
  if (desired.type === 'Rejected') return 'AsBefore';
  if (desired.type === 'Absent') return 'None';
  const agent = desired.project.agents.find(({ name }) => name === mark.agent);
  const probe = kind === 'readiness' ? agent?.readinessProbe : agent?.livenessProbe;
  if (agent === undefined || probe === undefined) return 'None';
  return agent.launchHash === mark.hash ? { agent, probe } : 'AsBefore';
}

function said(kind: Kind, { verdict, message }: ProbeState): Partial<ProbeResult> {
  return {
    ...(verdict !== undefined && { [kind === 'readiness' ? 'ready' : 'live']: verdict }),
    ...(message !== undefined && { message: `${kind} probe: ${message}` }),
  };
}
