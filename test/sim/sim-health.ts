/** An account that agents share, and what agents say of themselves: the real care for classes, over a simulated login. */
import type { AgentReading } from '../../controller/api/agent-reading.ts';
import type { AgentClass, AgentClassStatus } from '../../controller/api/generated/all.ts';
import { accountOf, type Stuck, uncheckedAccount } from '../../controller/api/health.ts';
import { type Key, keyOf } from '../../controller/api/key.ts';
import { API_VERSION } from '../../controller/api/kinds.ts';
import { decideClass, lookEveryMs } from '../../controller/reconcile/agentclass/decide.ts';
import type { ProjectEyes } from '../../controller/reconcile/project/gather.ts';
import { createClassChecks } from '../../controller/runtime/accounts/class-checks.ts';
import { createClassWorker, type StoredClass } from '../../controller/runtime/accounts/class-worker.ts';
import { createMembers } from '../../controller/runtime/accounts/members.ts';
import type { Clock, StateStore } from '../../controller/runtime/ports.ts';
import type { SeenProject } from '../../controller/runtime/project-worker.ts';
import { type Machine, type SimProcess } from './machine.ts';
import { isAlive } from './processes.ts';

/** The class whose agents have an account, and say what they do. */
export const MODEL: AgentClass = {
  apiVersion: API_VERSION,
  kind: 'AgentClass',
  metadata: { name: 'model' },
  spec: {
    reading: { sources: [{ type: 'Title', rules: [{ pattern: 'never asked', state: 'Busy' }] }] },
    auth: { check: ['never', 'run'] },
    health: { maxRecoveriesPerHour: 3 },
  },
};
const KEY = keyOf('AgentClass', MODEL.metadata.name);

/** So long nothing moves before it is said of an agent that it is hung, in milliseconds. */
export const HUNG_AFTER_MS = 1000;

export interface SimHealthOptions {
  readonly machine: Machine;
  readonly clock: Clock;
  readonly state: StateStore;
  readonly sleep: (ms: number) => Promise<void>;
  readonly hint: (key: Key) => void;
  readonly onError: (error: unknown) => void;
}

export function createSimHealth({ machine, clock, state, sleep, hint, onError }: SimHealthOptions) {
  const { now } = clock;
  const members = createMembers({ readings, onChange: hintClass });
  const checks = createClassChecks({
    clock,
    async look() {
      await sleep(3);
      const { isLoggedIn, isSeenByCheck, filesAt } = machine.account;
      const type = isLoggedIn || !isSeenByCheck ? 'Passed' : 'Failed';
      return {
        program: { type: 'Found', path: '/bin/model' },
        version: { type: 'NotAsked' },
        login: { type, message: '' },
        filesAt,
      };
    },
    onChange: hintClass,
    onError,
  });
  const worker = createClassWorker({
    agentClass: (name) => (name === MODEL.metadata.name ? MODEL : undefined),
    records: {
      read,
      write: (key, object) => {
        state.putObject(key, object as unknown as Parameters<StateStore['putObject']>[1]);
      },
      recorded: state.recorded,
      remove: state.removeObject,
      event: state.recordEvent,
    },
    members,
    checks,
    mind: { decide: decideClass, lookEveryMs },
    now,
    newUid: () => 'model',
    say: () => undefined,
    onChange: (projects) => {
      for (const project of projects) hint(keyOf('Project', project));
    },
  });

  function hintClass(name: string): void {
    hint(keyOf('AgentClass', name));
  }

  function read(key: Key): StoredClass | undefined {
    return state.object(key) as unknown as StoredClass | undefined;
  }

  function account(status: AgentClassStatus | undefined, name: string) {
    if (status === undefined) return uncheckedAccount(name);
    const restoredAt = status.login?.restoredAt;
    const turn = restoredAt === undefined ? [] : members.restarting(name, Date.parse(restoredAt), now());
    return accountOf(name, status, turn);
  }

  function living(uid: string): SimProcess[] {
    return [...machine.processes.values()].filter(
      (process) => process.launch?.uid === uid && process.isMain && isAlive(machine, process),
    );
  }

  function readings(uid: string): AgentReading[] {
    return living(uid).flatMap(({ launch, mood }) => {
      if (launch?.class !== MODEL.metadata.name) return [];
      const { agent, run } = launch;
      const { at } = mood;
      return [{ agent, run, state: mood.says, evidence: 'title', at, movedAt: at, turns: { prompts: [] } }];
    });
  }

  const look: ProjectEyes['health'] = ({ uid, agents }) => ({
    accounts: agents.some((agent) => agent.class === MODEL.metadata.name)
      ? [account(read(KEY)?.status, MODEL.metadata.name)]
      : [],
    vitals: living(uid).map(({ launch, mood: { hungSince } }) => {
      const isStuck = hungSince !== undefined && machine.clock.elapsed() - hungSince >= HUNG_AFTER_MS;
      const stuck: Stuck = { reason: 'Hung', message: 'nothing moves', since: 0 };
      return { agent: launch?.agent ?? '', run: launch?.run ?? '', ...(isStuck && { stuck }) };
    }),
    outOfMemory: [],
  });

  return {
    worker,
    readings,
    look,
    seen: (project: SeenProject): void => {
      members.seen(project);
    },
    forgotten: (uid: string): void => {
      members.forget(uid);
    },
  };
}
