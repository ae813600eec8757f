/**
 * Lets at most a few agents of one account start at the same time: each start logs in, refreshes a token, writes the
 * same user's file. An account is a class. Who has to wait is told so, and tried again as soon as another has shown
 * that it is up; nobody waits for a fixed time. Of an account whose plan is said no more run at once than that carries.
 * Knows what the workers saw and what was launched; decides nothing else.
 */
import type { DesiredAgent } from '../../api/desired.ts';
import type { AgentStatus } from '../../api/generated/all.ts';
import type { Key } from '../../api/key.ts';
import { keyOf } from '../../api/key.ts';
import { agentUid } from '../../api/metadata.ts';
import type { LaunchObstacle } from '../../api/observed.ts';
import { agentsOfPlan } from '../../api/plan-of-account.ts';
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

export interface StartGateOptions {
  readonly clock: Clock;
  /** There is a place for one of the project's agents. */
  readonly hint: (key: Key) => void;
  /** The uids of all agents of the class that live, as far as is on record. */
  readonly living: (agentClass: string) => readonly string[];
}

export function createStartGate({ clock, hint, living }: StartGateOptions): StartGate {
  /** By the agent's uid. */
  const slots = new Map<string, Slot>();
  /** By class, in the order in which they came. */
  const waiting = new Map<string, Set<Key>>();
  /** By project, the class of each agent that lived when it was last seen. */
  const lived = new Map<string, ReadonlyMap<string, string>>();

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
    wake(slot.agentClass);
  }

  function wake(agentClass: string): void {
    const queue = waiting.get(agentClass) ?? new Set<Key>();
    const [next] = queue;
    if (next === undefined) return;
    queue.delete(next);
    hint(next);
  }

  function taken(agentClass: string): number {
    return [...slots.values()].filter((slot) => slot.agentClass === agentClass).length;
  }

  function admit(id: string, agent: DesiredAgent, key: Key): LaunchObstacle | undefined {
    const obstacle = overPlan(id, agent) ?? (slots.has(id) ? undefined : overOthers(agent));
    if (obstacle === undefined) take(id, { agentClass: agent.class, run: undefined, isTimed: false }, UNUSED_MS);
    else waiting.set(agent.class, (waiting.get(agent.class) ?? new Set<Key>()).add(key));
    return obstacle;
  }

  function overPlan(id: string, { name, class: agentClass, program }: DesiredAgent): LaunchObstacle | undefined {
    const most = agentsOfPlan(program);
    if (most === undefined) return undefined;
    const starting = [...slots].flatMap(([other, slot]) => (slot.agentClass === agentClass ? [other] : []));
    const others = new Set([...living(agentClass), ...starting]);
    others.delete(id);
    if (others.size < most) return undefined;
    const message = `plan ${program.plan} carries ${most} at once of class ${agentClass}, and ${others.size} run`;
    return { agent: name, reason: 'AgentsTaken', message };
  }

  function overOthers({ name, class: agentClass }: DesiredAgent): LaunchObstacle | undefined {
    if (taken(agentClass) < AT_ONCE) return undefined;
    const message = `other agents of class ${agentClass} are being started; at most ${AT_ONCE} at a time`;
    return { agent: name, reason: 'StartingOthers', message };
  }

  return {
    hold({ project, uid, previous }, agents) {
      const key = keyOf('Project', project);
      const due = agents.filter((agent) => isGated(agent) && isDue(agent, previous, clock.now()));
      return due.flatMap((agent) => admit(agentUid(uid, agent.name), agent, key) ?? []);
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
      const lives = status.agents.filter(({ pid }) => pid !== undefined);
      const now = new Map(lives.map(({ name, class: agentClass }) => [agentUid(uid, name), agentClass]));
      const gone = [...(lived.get(uid) ?? [])].filter(([id]) => !now.has(id));
      if (now.size === 0) lived.delete(uid);
      else lived.set(uid, now);
      for (const [, agentClass] of gone) wake(agentClass);
    },
  };
}

/** A class without an account has nothing to share: its agents wait for nobody. */
function isGated({ program }: DesiredAgent): boolean {
  const { reading, limits, auth } = program;
  return reading !== undefined || limits !== undefined || auth !== undefined || agentsOfPlan(program) !== undefined;
}

/** It would be started now: it neither waits for its backoff nor has it ended for good. */
function isDue(agent: DesiredAgent, previous: readonly AgentStatus[], now: number): boolean {
  const before = previous.find(({ name }) => name === agent.name);
  if (before?.nextRestartAt !== undefined && Date.parse(before.nextRestartAt) > now) return false;
  return before?.state !== 'Exited' || before.hash !== agent.launchHash;
}
