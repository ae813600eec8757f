import { expect, test } from 'vitest';
import type { AgentClass, AgentClassStatus } from '../../../controller/api/generated/all.ts';
import { createClassWorker, type StoredClass } from '../../../controller/runtime/accounts/class-worker.ts';

const SPEC: AgentClass = {
  apiVersion: 'muxlet.dev/v1alpha1',
  kind: 'AgentClass',
  metadata: { name: 'claude' },
  spec: { command: ['claude'] },
};

function workerOf(stored: StoredClass) {
  const written: StoredClass[] = [];
  const worker = createClassWorker({
    agentClass: () => SPEC,
    records: {
      read: () => written.at(-1) ?? stored,
      write: (_, object) => written.push(object),
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
  });
  return { worker, written };
}

test('a class that lost its last agent has none, and still knows that its login is lost', async () => {
  const status: AgentClassStatus = {
    observedGeneration: 1,
    conditions: [],
    agents: 3,
    login: { lostAt: '2026-03-01T12:00:00.000Z' },
  };
  const metadata = {
    name: 'claude',
    uid: 'u',
    generation: 1,
    creationTimestamp: '2026-03-01T12:00:00.000Z',
    finalizers: [],
  };
  const { worker, written } = workerOf({
    apiVersion: 'muxlet.dev/v1alpha1',
    kind: 'AgentClass',
    metadata,
    specHash: 'h',
    status,
  });
  await worker.work('agentclass/claude');
  await worker.work('agentclass/claude');
  expect(written.map((object) => object.status)).toEqual([{ ...status, agents: 0 }]);
});
