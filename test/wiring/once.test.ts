import { expect, test } from 'vitest';
import type { Condition } from '../../controller/api/generated/all.ts';
import type { StoredObject } from '../../controller/api/metadata.ts';
import { untilConverged } from '../../controller/wiring/once.ts';

const AT = '2026-01-01T00:00:00Z';

function object(conditions: Readonly<Record<string, readonly [Condition['status'], string]>>): StoredObject {
  return {
    apiVersion: 'muxlet.dev/v1alpha1',
    kind: 'Project',
    metadata: { name: 'web', uid: 'u', generation: 1, creationTimestamp: AT, finalizers: [] },
    specHash: 'h',
    status: {
      observedGeneration: 1,
      phase: 'Pending',
      agents: [],
      conditions: Object.entries(conditions).map(([type, [status, reason]]) => {
        return { type, status, reason, message: '', lastTransitionTime: AT, observedGeneration: 1 };
      }),
    },
  };
}

/** How it ends, and whether only the time-out ended it. */
async function once(one: StoredObject) {
  let now = 0;
  const converged = await untilConverged(
    {
      specs: { keys: () => ['project/web'], problems: () => [] } as never,
      state: { keys: () => [], object: () => one } as never,
      controller: { isSynced: () => true } as never,
      clock: {
        now: () => now,
        after(ms: number, callback: () => void) {
          now += ms;
          queueMicrotask(callback);
          return () => undefined;
        },
      },
      timeoutMs: 1000,
    },
    new AbortController().signal,
  );
  return { converged, waited: now >= 1000 };
}

test('what is Ready has converged', async () => {
  expect(await once(object({ Ready: ['True', 'Ready'] }))).toEqual({ converged: true, waited: false });
});

test.each(['Suspended', 'Held', 'QueuePaused', 'QueueDrains'])(
  'what a person keeps from running (%s) is not waited for',
  async (reason) => {
    const one = object({ Ready: ['False', reason], Admitted: ['False', reason], Reconciling: ['False', 'Ready'] });
    expect(await once(one)).toEqual({ converged: false, waited: false });
  },
);

test('but until what was suspended has ended', async () => {
  const one = object({ Admitted: ['False', 'Suspended'], Reconciling: ['True', 'Settling'] });
  expect(await once(one)).toEqual({ converged: false, waited: true });
});

test('what waits in the line is waited for', async () => {
  const one = object({ Admitted: ['False', 'SlotsTaken'], Reconciling: ['False', 'Ready'] });
  expect(await once(one)).toEqual({ converged: false, waited: true });
});
