/**
 * Lets at most a few agents of one account start at the same time: each start logs in, refreshes a token, writes the
 * same user's file. An account is a class. Who has to wait is told so, and tried again as soon as another has shown
 * that it is up; nobody waits for a fixed time. Knows what the workers saw and what was launched; decides nothing else.
 */
import type { DesiredAgent } from '../../api/desired.ts';
import type { AgentStatus } from '../../api/generated/all.ts';
import type { Key } from '../../api/key.ts';
import { keyOf } from '../../api/key.ts';
import { agentUid } from '../../api/metadata.ts';
import type { LaunchObstacle } from '../../api/observed.ts';
import type { Clock } from '../ports.ts';
import type { SeenProject } from '../project-worker.ts';

/** Unproven starts of one class at a time. */
const AT_ONCE = 2;
/** A class that does not say how to read its agents: one that has lived so long is up, in milliseconds. */
const LIVED_MS = 3000;
/** A place that was given and not used, in milliseconds. */
const UNUSED_MS = 3000;
const DEFAULT_START_TIMEOUT_S = 60;

export interface StartGate {
  /** Those of the agents, all without a process, that have to wait for others; the rest are expected to be started. */
  hold(place: StartPlace, agents: readonly DesiredAgent[]): LaunchObstacle[];
  launched(uid: string, agent: DesiredAgent, run: string): void;
  seen(project: Pick<SeenProject, 'uid' | 'status'>): void;
}

export interface StartPlace {
  readonly project: string;
  readonly uid: string;
  /** What was last said of the project's agents. */
  readonly previous: readonly AgentStatus[];
}

interface Slot {
  readonly agentClass: string;
  /** Absent until it is launched. */
  readonly run: string | undefined;
  /** Nothing can be read of it: time alone says that it is up. */
  readonly isTimed: boolean;
  readonly cancel: () => void;
}

export function createStartGate(clock: Clock, hint: (key: Key) => void): StartGate {
  /** By the agent's uid. */
  const slots = new Map<string, Slot>();
  /** By class, in the order in which they came. */
  const waiting = new Map<string, Set<Key>>();

  function take(id: string, slot: Omit<Slot, 'cancel'>, ms: number): void {
    slots.get(id)?.cancel();
    const cancel = clock.after(ms, () => {
      release(id);
    });
    slots.set(id, { ...slot, cancel });
  }

  function release(id: string): void {
    const slot = slots.get(id);
    if (slot === undefined) return;
    slot.cancel();
    slots.delete(id);
    const queue = waiting.get(slot.agentClass) ?? new Set<Key>();
    const [next] = queue;
    if (next === undefined) return;
    queue.delete(next);
    hint(next);
  }

  function taken(agentClass: string): number {
    return [...slots.values()].filter((slot) => slot.agentClass === agentClass).length;
  }

  function admit(id: string, agent: DesiredAgent, key: Key): boolean {
    if (slots.has(id) || taken(agent.class) < AT_ONCE) {
      take(id, { agentClass: agent.class, run: undefined, isTimed: false }, UNUSED_MS);
      return true;
    }
    const queue = waiting.get(agent.class) ?? new Set<Key>();
    waiting.set(agent.class, queue.add(key));
    return false;
  }

  return {
    hold({ project, uid, previous }, agents) {
      const key = keyOf('Project', project);
      const due = agents.filter((agent) => isGated(agent) && isDue(agent, previous, clock.now()));
      return due
        .filter((agent) => !admit(agentUid(uid, agent.name), agent, key))
        .map((agent) => ({
          agent: agent.name,
          reason: 'StartingOthers',
          message: `other agents of class ${agent.class} are being started; at most ${AT_ONCE} at a time`,
        }));
    },
    launched(uid, agent, run) {
      if (!isGated(agent)) return;
      const { reading } = agent.program;
      const most = reading === undefined ? LIVED_MS : (reading.startTimeoutSeconds ?? DEFAULT_START_TIMEOUT_S) * 1000;
      take(agentUid(uid, agent.name), { agentClass: agent.class, run, isTimed: reading === undefined }, most);
    },
    seen({ uid, status }) {
      for (const { name, run, state, pid, lastExit } of status.agents) {
        const id = agentUid(uid, name);
        const slot = slots.get(id);
        if (slot?.run === undefined || run !== slot.run) continue;
        const ended = lastExit?.run === run;
        // A class that can be read says Starting for as long as it does not know better.
        const proven = pid !== undefined && state !== 'Starting' && !slot.isTimed;
        if (ended || proven) release(id);
      }
    },
  };
}

/** A class without an account has nothing to share: its agents wait for nobody. */
function isGated({ program: { reading, limits, auth } }: DesiredAgent): boolean {
  return reading !== undefined || limits !== undefined || auth !== undefined;
}

/** It would be started now: it neither waits for its backoff nor has it ended for good. */
function isDue(agent: DesiredAgent, previous: readonly AgentStatus[], now: number): boolean {
  const before = previous.find(({ name }) => name === agent.name);
  if (before?.nextRestartAt !== undefined && Date.parse(before.nextRestartAt) > now) return false;
  return before?.state !== 'Exited' || before.hash !== agent.launchHash;
}
