import { type Definition, type HistogramDefinition, WORK } from './definition.ts';
import { ATTEMPT_REASONS, ATTEMPT_RESULTS } from './label-values.ts';

// Attempts at projects, and the queues in which they wait.

export const PROJECT_COUNTERS = {
  attempts: {
    name: 'muxlet_project_attempts_total',
    help: "Attempts at projects' work that ended, by result and reason.",
    labels: { result: ATTEMPT_RESULTS, reason: ATTEMPT_REASONS },
  },
  extensions: {
    name: 'muxlet_deadline_extensions_total',
    help: 'How often the deadline of a project was moved on since its work went on.',
  },
  projectQueueAdmissions: {
    name: 'muxlet_queue_admissions_total',
    help: 'Projects that were given a slot, by queue. Ends with the queue.',
    labels: { queue: 'open' },
  },
} as const satisfies Record<string, Definition>;

export const PROJECT_GAUGES = {
  projectQueueRunning: {
    name: 'muxlet_queue_running',
    help: 'Slots that are taken, by queue. Ends with the queue.',
    labels: { queue: 'open' },
  },
  projectQueueWaiting: {
    name: 'muxlet_queue_waiting',
    help: 'Projects in the line, by queue. Ends with the queue.',
    labels: { queue: 'open' },
  },
  projectQueueBreaker: {
    name: 'muxlet_queue_breaker_state',
    help: 'The circuit breaker of a queue: 0 closed or none, 1 half open, 2 open. Ends with the queue.',
    labels: { queue: 'open' },
  },
} as const satisfies Record<string, Definition>;

export const PROJECT_HISTOGRAMS = {
  projectDuration: {
    name: 'muxlet_project_duration_seconds',
    help: 'Seconds from the first start of an agent of a project to its result, all attempts and pauses included, by result.',
    labels: { result: ATTEMPT_RESULTS },
    buckets: WORK,
  },
  projectQueueWait: {
    name: 'muxlet_queue_wait_seconds',
    help: 'Seconds that a project waited for a slot, from the moment in which it could have run.',
    buckets: [0.1, 1, 10, 60, 300, 900, 3600, 14_400, 43_200, 86_400],
  },
} as const satisfies Record<string, HistogramDefinition>;
