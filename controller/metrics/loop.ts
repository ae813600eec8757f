import { SPEC_KINDS } from '../api/kinds.ts';
import { MISMATCHES } from '../api/world.ts';
import { COARSE, type Definition, type HistogramDefinition, OUTCOME, WIDE } from './definition.ts';
import { PHASES, VERBS } from './label-values.ts';

const QUEUE = { name: ['reconcile'] } as const;

// What the controller itself does: its queue of keys, its looks, what it carries out.

export const LOOP_COUNTERS = {
  queueAdds: { name: 'workqueue_adds_total', help: 'Keys added to the work queue.', labels: QUEUE },
  queueRetries: { name: 'workqueue_retries_total', help: 'Keys put back to be tried again.', labels: QUEUE },
  reconciles: {
    name: 'muxlet_reconcile_total',
    help: 'Reconciles that ended, by kind and result.',
    labels: { kind: SPEC_KINDS, result: ['success', 'requeue', 'error'] },
  },
  actions: {
    name: 'muxlet_actions_total',
    help: 'Actions carried out, by verb and result.',
    labels: { verb: VERBS, result: OUTCOME },
  },
} as const satisfies Record<string, Definition>;

export const LOOP_GAUGES = {
  queueDepth: { name: 'workqueue_depth', help: 'Keys that wait in the work queue.', labels: QUEUE },
  queueUnfinished: {
    name: 'workqueue_unfinished_work_seconds',
    help: 'Seconds of work under way, over all keys that are taken and not done.',
    labels: QUEUE,
  },
  queueLongest: {
    name: 'workqueue_longest_running_processor_seconds',
    help: 'Seconds since the longest held key was taken.',
    labels: QUEUE,
  },
  objects: {
    name: 'muxlet_objects',
    help: 'Objects, by kind and phase.',
    labels: { kind: ['Project'], phase: PHASES },
  },
  observationAge: {
    name: 'muxlet_observation_age_seconds',
    help: 'Seconds since the last complete look at tmux, or since the start where there was none.',
  },
  auditMismatches: {
    name: 'muxlet_audit_mismatches',
    help: 'Disagreements of specs, records, tmux and processes that two looks in a row have shown, by kind.',
    labels: { kind: MISMATCHES },
  },
  leader: { name: 'muxlet_leader', help: '1 while this controller holds the lock of its state directory.' },
  buildInfo: {
    name: 'muxlet_build_info',
    help: 'Always 1; the versions of muxlet, of node and of tmux.',
    labels: { version: 'open', node: 'open', tmux: 'open' },
  },
} as const satisfies Record<string, Definition>;

export const LOOP_HISTOGRAMS = {
  queueWait: {
    name: 'workqueue_queue_duration_seconds',
    help: 'Seconds that a key waited in the work queue.',
    labels: QUEUE,
    buckets: WIDE,
  },
  queueWork: {
    name: 'workqueue_work_duration_seconds',
    help: 'Seconds that the work on a key took.',
    labels: QUEUE,
    buckets: WIDE,
  },
  reconcile: {
    name: 'muxlet_reconcile_duration_seconds',
    help: 'Seconds that a reconcile took, by kind.',
    labels: { kind: SPEC_KINDS },
    buckets: COARSE,
  },
  action: {
    name: 'muxlet_action_duration_seconds',
    help: 'Seconds that an action took, by verb.',
    labels: { verb: VERBS },
    buckets: COARSE,
  },
  observation: {
    name: 'muxlet_observation_duration_seconds',
    help: 'Seconds that a look took, by scope.',
    labels: { scope: ['full', 'project'] },
    buckets: COARSE,
  },
} as const satisfies Record<string, HistogramDefinition>;
