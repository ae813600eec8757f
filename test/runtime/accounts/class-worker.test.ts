import { expect, test, vi } from 'vitest';
import type { AgentClass, AgentClassStatus } from '../../../controller/api/generated/all.ts';
import type { Word } from '../../../controller/api/word.ts';
import {
  type ClassWorkerOptions,
  createClassWorker,
  type StoredClass,
} from '../../../controller/runtime/accounts/class-worker.ts';

const SPEC: AgentClass = {
  apiVersion: 'muxlet.dev/v1alpha1',
  kind: 'AgentClass',
  metadata: { name: 'claude' },
  spec: { command: ['claude'] },
};

function workerOf(stored: StoredClass, more: Partial<ClassWorkerOptions> = {}) {
  const written: StoredClass[] = [];
  const onDisk: (() => void)[] = [];
  const worker = createClassWorker({
    agentClass: () => SPEC,
    records: {
      read: () => written.at(-1) ?? stored,
      write: (_, object) => written.push(object),
      recorded: () => new Promise<void>((resolve) => onDisk.push(resolve)),
      remove() {},
      event() {},
    },
    members: { seen() {}, forget() {}, of: () => [], restarting: () => [] },
    checks: { latest: () => undefined, forget() {} } as never,
    mind: { decide: () => expect.fail('there is nothing to decide'), lookEveryMs: () => 1000 },
    now: () => 0,
    newUid: () => 'u',
    say() {},
    onChange() {},
    ...more,
  });
  return { worker, written, onDisk };
}

const METADATA = {
  name: 'claude',
  uid: 'u',
  generation: 1,
  creationTimestamp: '2026-03-01T12:00:00.000Z',
  finalizers: [],
};

function stored(status: AgentClassStatus): StoredClass {
  return { apiVersion: 'muxlet.dev/v1alpha1', kind: 'AgentClass', metadata: METADATA, specHash: 'h', status };
}

test('a class that lost its last agent has none, and still knows that its login is lost', async () => {
  const status: AgentClassStatus = {
    observedGeneration: 1,
    conditions: [],
    agents: 3,
    login: { lostAt: '2026-03-01T12:00:00.000Z' },
  };
  const { worker, written } = workerOf(stored(status));
  await worker.work('agentclass/claude');
  await worker.work('agentclass/claude');
  expect(written.map((object) => object.status)).toEqual([{ ...status, agents: 0 }]);
});

test('agents are told to go on once it is on disk since when, by which the next controller knows what was said', async () => {
  const said: Word[] = [];
  const word = { agent: 'dev', topic: 'limit-over', occasion: 1 } as Word;
  const member = { project: 'web', projectUid: 'w', agent: 'dev', uid: 'd', alive: true };
  const { worker, written, onDisk } = workerOf(stored({ observedGeneration: 1, conditions: [], agents: 1 }), {
    members: { seen() {}, forget() {}, of: () => [{ member }], restarting: () => [] },
    mind: {
      decide: ({ previous }) => ({ status: previous as AgentClassStatus, events: [], words: [word], againMs: 1000 }),
      lookEveryMs: () => 1000,
    },
    say: (one) => said.push(one),
  });
  const work = worker.work('agentclass/claude');
  await vi.waitFor(() => expect(written).toHaveLength(1));
  expect(said).toEqual([]);
  for (const settle of onDisk) settle();
  await work;
  expect(said).toEqual([word]);
});

test.each([
  { what: 'without an account has nothing to tell', spec: {}, expected: [] },
  { what: 'with an account has its agents started', spec: { command: ['claude'] }, expected: [['web']] },
])('the first look at a class $what', async ({ spec, expected }) => {
  const told: (readonly string[])[] = [];
  const written: StoredClass[] = [];
  const member = { project: 'web', projectUid: 'w', agent: 'dev', uid: 'd', alive: false };
  const unknown = {
    status: 'Unknown',
    reason: 'NotChecked',
    message: '',
    lastTransitionTime: '',
    observedGeneration: 1,
  } as const;
  const conditions = [{ type: 'ProgramFound', ...unknown }];
  const { worker } = workerOf(stored({ observedGeneration: 1, conditions: [], agents: 1 }), {
    agentClass: () => ({ ...SPEC, spec }),
    records: {
      read: () => undefined,
      write: (_, object) => written.push(object),
      recorded: async () => {},
      remove() {},
      event() {},
    },
    members: { seen() {}, forget() {}, of: () => [{ member }], restarting: () => [] },
    checks: { latest: () => ({}), forget() {} } as never,
    mind: {
      decide: () => ({
        status: { observedGeneration: 1, conditions, agents: 1 },
        events: [],
        words: [],
        againMs: 1000,
      }),
      lookEveryMs: () => 1000,
    },
    onChange: (projects) => told.push(projects),
  });
  await worker.work('agentclass/claude');
  expect(written).toHaveLength(1);
  expect(told).toEqual(expected);
});
