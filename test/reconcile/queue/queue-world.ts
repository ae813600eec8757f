import type { QueueSpec, QueueStatus } from '../../../controller/api/generated/all.ts';
import type { QueueEntry, QueueInput } from '../../../controller/api/queueing.ts';
import { decideQueue } from '../../../controller/reconcile/queue/decide.ts';

export const NOW = Date.parse('2026-01-01T00:00:00Z');

/** A project that would run; of one agent of class shell. Those that are made later are younger. */
export function entry(project: string, rest: Partial<QueueEntry> = {}): QueueEntry {
  return {
    project,
    uid: `uid-${project}`,
    createdAt: NOW,
    order: 0,
    priority: 0,
    hold: false,
    agents: new Map([['shell', 1]]),
    claim: 'Wants',
    mayRun: false,
    told: 'Waiting',
    deciding: false,
    belongs: true,
    unmet: undefined,
    outcome: { result: undefined, failures: [] },
    ...rest,
  };
}

export function input(spec: QueueSpec, entries: readonly QueueEntry[], rest: Partial<QueueInput> = {}): QueueInput {
  return {
    name: 'night',
    spec,
    generation: 1,
    previous: undefined,
    entries,
    unseen: new Set(),
    notLooked: 0,
    expected: [],
    machine: { availableMemory: undefined, loadPerCPU: undefined },
    now: NOW,
    ...rest,
  };
}

/** What is on record of a queue whose slots these projects have. */
export function status(owners: readonly string[], rest: Partial<QueueStatus> = {}): QueueStatus {
  const since = new Date(NOW - 60_000).toISOString();
  const admitted = owners.map((project) => ({ project, uid: `uid-${project}`, since }));
  return { observedGeneration: 1, conditions: [], running: owners.length, waiting: 0, admitted, ...rest };
}

export function decide(spec: QueueSpec, entries: readonly QueueEntry[], rest: Partial<QueueInput> = {}) {
  const decision = decideQueue(input(spec, entries, rest));
  return {
    ...decision,
    owners: decision.status.admitted.map(({ project }) => project),
    given: decision.admitted.map(({ project }) => project),
    why: Object.fromEntries(decision.line.map(({ project, reason }) => [project, reason])),
    waiting: decision.line.map(({ project }) => project),
    active: decision.status.conditions[0],
  };
}
