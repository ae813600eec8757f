import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import type { AgentReading } from '../api/agent-reading.ts';
import type { AgentClassSpec, AgentClassStatus } from '../api/generated/all.ts';
import { type AccountState, accountOf, uncheckedAccount } from '../api/health.ts';
import { type Key, keyOf } from '../api/key.ts';
import { agentUid, type StoredObject } from '../api/metadata.ts';
import { isSameList } from '../api/same-list.ts';
import type { Word } from '../api/word.ts';
import { systemClock } from '../exec/clock.ts';
import { createMemoryKills } from '../observe/memory-kills.ts';
import type { ProcessTable } from '../observe/process-table.ts';
import { lookAtTrees } from '../observe/process-trees.ts';
import { classEnvironment } from '../observe/program/class-environment.ts';
import { lookAtClass } from '../observe/program/look-at-class.ts';
import { decideClass, lookEveryMs } from '../reconcile/agentclass/decide.ts';
import type { ProjectEyes } from '../reconcile/project/gather.ts';
import { createClassChecks } from '../runtime/accounts/class-checks.ts';
import { createClassWorker } from '../runtime/accounts/class-worker.ts';
import { hasAccount } from '../runtime/accounts/has-account.ts';
import { createMembers } from '../runtime/accounts/members.ts';
import type { SpecSource, StateStore } from '../runtime/ports.ts';
import type { SeenProject } from '../runtime/project-worker.ts';
import { createHeartbeats } from '../runtime/vitals/heartbeats.ts';
import { createVitals, type ListedActivity } from '../runtime/vitals/vitals.ts';
import { createFaults } from './faults.ts';

export interface HealthOptions {
  readonly specs: SpecSource;
  readonly state: StateStore;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly table: ProcessTable;
  readonly readings: (projectUid: string) => readonly AgentReading[];
  readonly hint: (key: Key) => void;
  readonly hintAtLeisure: (key: Key) => void;
  readonly hintAmongMany: (key: Key) => void;
  readonly failed: (what: string) => (error: unknown) => void;
  readonly say: (word: Word) => void;
  readonly hooks: Parameters<typeof createFaults>[0];
}

/** What looks after accounts and signs of life: a worker for classes, an eye for projects, and what follows both. */
export function createHealth(options: HealthOptions) {
  const { specs, state, env, table, readings, hint, hintAtLeisure, hintAmongMany, failed, say, hooks } = options;
  const { now } = systemClock;
  const home = env['HOME'] ?? homedir();
  const hintClass = (name: string): void => {
    hint(keyOf('AgentClass', name));
  };
  const members = createMembers({
    readings,
    onChange: (name) => {
      const spec = specs.agentClass(name)?.spec;
      // Of what has no account and cannot be read only the number of agents is said anew: nobody waits for that.
      if (spec !== undefined && !hasAccount(spec) && spec.reading === undefined)
        hintAtLeisure(keyOf('AgentClass', name));
      else hintClass(name);
    },
  });
  const checks = createClassChecks({
    clock: systemClock,
    look: (spec, signal) => lookAtClass(spec, { env: classEnvironment(spec, env), home, signal }),
    onChange: hintClass,
    onError: failed('a class could not be looked at'),
  });
  const vitals = createVitals({
    clock: systemClock,
    trees: (pids) => lookAtTrees(table, pids),
    readings,
    isHeld: (name) => isOutOfOrder(readStatus(keyOf('AgentClass', name))?.status),
    onChange: hint,
    onError: failed('processes could not be looked at'),
  });
  const heartbeats = createHeartbeats({
    clock: systemClock,
    trees: (pids) => lookAtTrees(table, pids),
    onError: failed('processes could not be looked at'),
  });
  const faults = createFaults(hooks, now());
  const kills = createMemoryKills(systemClock.steady);
  const runs = new Map<string, readonly string[]>();
  let listedLast: readonly ListedActivity[] = [];

  function readStatus(key: Key): StoredObject<AgentClassStatus> | undefined {
    return state.object(key) as unknown as StoredObject<AgentClassStatus> | undefined;
  }

  const worker = createClassWorker({
    agentClass: specs.agentClass,
    records: {
      read: readStatus,
      write: (key, object) => {
        state.putObject(key, object as unknown as StoredObject);
      },
      recorded: state.recorded,
      remove: state.removeObject,
      event: state.recordEvent,
    },
    members,
    checks,
    mind: { decide: decideClass, lookEveryMs },
    now,
    newUid: randomUUID,
    say,
    onChange: (projects) => {
      // They may be hundreds at once, and an agent that has just ended waits for none of them.
      for (const project of projects) hintAmongMany(keyOf('Project', project));
    },
  });

  function account(name: string, spec: AgentClassSpec): AccountState[] {
    const status = readStatus(keyOf('AgentClass', name))?.status;
    if (status === undefined) return hasAccount(spec) ? [uncheckedAccount(name)] : [];
    const restoredAt = status.login?.restoredAt;
    const turn = restoredAt === undefined ? [] : members.restarting(name, Date.parse(restoredAt), now());
    return [accountOf(name, status, turn)];
  }

  const look: ProjectEyes['health'] = ({ uid, agents, panes }) => {
    const classes = new Map(agents.map((agent) => [agent.class, agent.program]));
    return {
      accounts: [...classes].flatMap(([name, spec]) => account(name, spec)),
      vitals: vitals.results(uid),
      signs: heartbeats.results(uid),
      outOfMemory: panes.flatMap(({ signal, mark }) =>
        signal === KILL && mark !== undefined && kills.killed(mark.run) ? [mark.run] : [],
      ),
    };
  };

  /** Once all is done that was decided: an agent that is to be started again does not wait for it. */
  function followMemory({ uid, tmux }: SeenProject): void {
    if (tmux.state === 'Unknown') return;
    const panes = tmux.value.panes.filter(({ mark }) => mark?.uid === uid);
    for (const { dead, mark, pid } of panes) if (!dead && mark !== undefined) kills.follow(mark.run, pid);
    runs.set(
      uid,
      panes.flatMap(({ mark }) => mark?.run ?? []),
    );
  }

  return {
    worker,
    look,
    followMemory,
    seen(project: SeenProject): void {
      members.seen(project);
      vitals.seen(project);
      heartbeats.seen(project);
      if (project.tmux.state === 'Known') faults.seen(project.status.agents, vitals.results(project.uid), now());
    },
    listed(panes: readonly ListedActivity[]): void {
      vitals.listed(panes);
      heartbeats.listed(panes);
      // Who is gone is so in a list that is another.
      if (!isSameList(listedLast, panes)) kills.keep(new Set([...runs.values()].flat()));
      listedLast = panes;
      kills.refresh();
    },
    forgotten(uid: string, agents: readonly string[]): void {
      for (const agent of agents) faults.forget(agentUid(uid, agent));
      members.forget(uid);
      vitals.forget(uid);
      heartbeats.forget(uid);
      runs.delete(uid);
    },
    close(): void {
      checks.close();
      vitals.close();
      heartbeats.close();
    },
  };
}

const KILL = 9;

function isOutOfOrder(status: AgentClassStatus | undefined): boolean {
  return status?.login?.lostAt !== undefined || status?.limit?.until !== undefined;
}
