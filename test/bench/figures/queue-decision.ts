import type { Claim } from '../../../controller/api/admission.ts';
import type { ProjectStatus, Queue } from '../../../controller/api/generated/all.ts';
import { type Key, keyOf } from '../../../controller/api/key.ts';
import type { StoredObject } from '../../../controller/api/metadata.ts';
import { courseOf } from '../../../controller/api/normalise-course.ts';
import { decideQueue } from '../../../controller/reconcile/queue/decide.ts';
import { unmetDependency } from '../../../controller/reconcile/queue/dependencies.ts';
import { outcomeOf } from '../../../controller/reconcile/queue/outcome.ts';
import { createQueues } from '../../../controller/runtime/queues/queues.ts';
import { type Figure, times } from '../support/figure.ts';
import { sampleOf } from '../support/statistics.ts';

const LINE = 10_000;
const NIGHT = keyOf('Queue', 'night');
const QUEUE: Queue = {
  apiVersion: 'muxlet.dev/v1alpha1',
  kind: 'Queue',
  metadata: { name: 'night' },
  spec: { maxRunning: 20, maxAgents: 60, circuitBreaker: {} },
};
const NOTHING: ProjectStatus = { observedGeneration: 1, phase: 'Pending', conditions: [], agents: [] };

/** From what one project says to the queue's record of it, without the disk: only muxlet's own work is measured. */
export const queueDecision: Figure = {
  name: 'queue-decision',
  async measure({ quick }) {
    const { seen, work } = createLine();
    const values: number[] = [];
    for (let change = 0; change < (quick ? 100 : 1000); change += 1) {
      const at = performance.now();
      seen((change * 37) % LINE, { priority: change % 7, claim: change % 3 === 0 ? 'None' : 'Wants' });
      await work();
      values.push(performance.now() - at);
    }
    const sample = sampleOf(values);
    return [
      {
        what: `the decision for one change in a queue of ${LINE.toLocaleString('en')}`,
        product: times(sample),
        raw: '',
        ratio: '',
        target: '< 5 ms',
        met: sample.median < 5,
      },
    ];
  },
};

function createLine() {
  const objects = new Map<Key, StoredObject>();
  const keys = Array.from({ length: LINE }, (_, index) => keyOf('Project', `p${index}`));
  for (const [index, key] of keys.entries()) {
    const creationTimestamp = new Date(index).toISOString();
    const metadata = { name: `p${index}`, uid: `u${index}`, generation: 1, creationTimestamp, finalizers: [] };
    objects.set(key, { apiVersion: '', kind: 'Project', metadata, specHash: '', status: NOTHING });
  }
  const queues = createQueues({
    clock: { now: Date.now, after: () => () => undefined },
    specs: {
      arrival: () => undefined,
      desiredProject: () => ({ type: 'Absent', confirmed: true }),
      project: () => undefined,
      queue: (name) => (name === 'night' ? QUEUE : undefined),
      keys: () => [NIGHT, ...keys],
    },
    state: {
      object: (key) => objects.get(key),
      putObject: (key, object) => objects.set(key, object).has(key),
      removeObject: (key) => void objects.delete(key),
      recordEvent: () => undefined,
      keys: () => [...objects.keys()],
    },
    mind: { decide: decideQueue, unmet: unmetDependency, outcome: outcomeOf },
    machine: async () => ({ availableMemory: undefined, loadPerCPU: undefined }),
    newUid: () => 'night',
    hint: () => undefined,
    hooks: { onQueue: () => undefined, onAdmitted: () => undefined, onForgotten: () => undefined },
  });
  function seen(index: number, { priority, claim }: { readonly priority: number; readonly claim: Claim }): void {
    const name = `p${index}`;
    const course = courseOf({ queue: 'night', priority, agents: [] });
    const project = { name, labels: {}, annotations: {}, agents: [], course, inputs: '', specHash: '' };
    queues.seen({
      key: keyOf('Project', name),
      uid: `u${index}`,
      desired: { type: 'Present', project, confirmed: true },
      tmux: { state: 'Unknown', reason: 'NotLooked', message: '', at: 0 },
      previous: undefined,
      status: NOTHING,
      claim,
    });
  }
  for (const index of keys.keys()) seen(index, { priority: 0, claim: 'Wants' });
  return { seen, work: () => queues.worker.work(NIGHT, 0) };
}
