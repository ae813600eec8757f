import { SPEC_KINDS } from '../api/kinds.ts';
import { MISMATCHES } from '../api/world.ts';
import { ALERT_COUNTERS, ALERT_GAUGES } from './alerts.ts';
import { type Definition, type HistogramDefinition, WORK } from './definition.ts';
import { FIGURE_COUNTERS, FIGURE_GAUGES, FORMER_COUNTERS, FORMER_GAUGES, FORMER_HISTOGRAMS } from './figures.ts';
import { GIT_COUNTERS, GIT_GAUGES, GIT_HISTOGRAMS } from './git.ts';
import {
  ACCOUNT_STATES,
  AGENT_STATES,
  ATTEMPT_REASONS,
  ATTEMPT_RESULTS,
  EXIT_KINDS,
  FAULTS,
  MESSAGE_RESULTS,
  NOTIFICATIONS,
  PHASES,
  RECOVERY_REASONS,
  VERBS,
} from './label-values.ts';

export type { Definition, HistogramDefinition } from './definition.ts';

const KINDS = SPEC_KINDS;
const QUEUE = { name: ['reconcile'] } as const;
const OUTCOME = ['success', 'error'] as const;

/** 0.1 ms to 5 s: a command over the open connection takes a fraction of a millisecond. */
const FINE = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
/** 1 ms to 10 s. */
const COARSE = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** 10 s to an hour: what is quiet is left in peace for a while. */
const LONG = [10, 20, 30, 60, 120, 300, 600, 1800, 3600];
/** 0.1 ms to 60 s. */
const WIDE = [...FINE, 10, 30, 60];

export const COUNTERS = {
  queueAdds: { name: 'workqueue_adds_total', help: 'Keys added to the work queue.', labels: QUEUE },
  queueRetries: { name: 'workqueue_retries_total', help: 'Keys put back to be tried again.', labels: QUEUE },
  reconciles: {
    name: 'muxlet_reconcile_total',
    help: 'Reconciles that ended, by kind and result.',
    labels: { kind: KINDS, result: ['success', 'requeue', 'error'] },
  },
  restarts: {
    name: 'muxlet_agent_restarts_total',
    help: 'How often an agent was started again. Ends with the agent.',
    labels: { project: 'open', agent: 'open' },
  },
  exits: {
    name: 'muxlet_agent_exits_total',
    help: 'Ends of agents, by kind.',
    labels: { kind: EXIT_KINDS },
  },
  recoveries: {
    name: 'muxlet_agent_recoveries_total',
    help: 'Agents that were ended to be started anew, by reason.',
    labels: { reason: RECOVERY_REASONS },
  },
  attempts: {
    name: 'muxlet_project_attempts_total',
    help: "Attempts at projects' work that ended, by result and reason.",
    labels: { result: ATTEMPT_RESULTS, reason: ATTEMPT_REASONS },
  },
  extensions: {
    name: 'muxlet_deadline_extensions_total',
    help: 'How often the deadline of a project was moved on since its work went on.',
  },
  actions: {
    name: 'muxlet_actions_total',
    help: 'Actions carried out, by verb and result.',
    labels: { verb: VERBS, result: OUTCOME },
  },
  messages: {
    name: 'muxlet_messages_total',
    help: 'Messages that ended, one for each agent, by result.',
    labels: { result: MESSAGE_RESULTS },
  },
  messageRetries: {
    name: 'muxlet_message_retries_total',
    help: 'Deliveries of a message to an agent that failed.',
  },
  projectQueueAdmissions: {
    name: 'muxlet_queue_admissions_total',
    help: 'Projects that were given a slot, by queue. Ends with the queue.',
    labels: { queue: 'open' },
  },
  sourceLooks: {
    name: 'muxlet_gitsource_looks_total',
    help: 'Looks at the repositories of GitSources, by result: taken (whether or not it was new), refused, failed.',
    labels: { result: ['taken', 'refused', 'failed'] },
  },
  ...GIT_COUNTERS,
  ...ALERT_COUNTERS,
  tmuxCommands: {
    name: 'muxlet_tmux_commands_total',
    help: 'Commands sent to tmux, by server and result.',
    labels: { server: 'open', result: ['success', 'error', 'timeout'] },
  },
  tmuxNotifications: {
    name: 'muxlet_tmux_notifications_total',
    help: 'Notifications that tmux sent, by type.',
    labels: { type: NOTIFICATIONS },
  },
  tmuxServerStarts: {
    name: 'muxlet_tmux_server_starts_total',
    help: 'How often a tmux server was started, by server.',
    labels: { server: 'open' },
  },
  configReloads: {
    name: 'muxlet_config_reloads_total',
    help: 'Reloads of the specs, by result: error if a problem was found.',
    labels: { result: OUTCOME },
  },
  stateWrites: {
    name: 'muxlet_state_writes_total',
    help: 'Writes to the state directory, by result.',
    labels: { result: OUTCOME },
  },
  stateProblems: {
    name: 'muxlet_state_problems_total',
    help: 'Problems of the state directory, by type.',
    labels: { type: ['WriteFailed', 'WriteHealed', 'Unreadable', 'Corrupt', 'FieldsDropped', 'LinesDropped'] },
  },
  ...FIGURE_COUNTERS,
  ...FORMER_COUNTERS,
} as const satisfies Record<string, Definition>;

export const GAUGES = {
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
  agents: {
    name: 'muxlet_agents',
    help: 'Agents, by state and class.',
    labels: { state: AGENT_STATES, class: 'open' },
  },
  ...GIT_GAUGES,
  ...ALERT_GAUGES,
  agentsHeld: {
    name: 'muxlet_agents_held',
    help: 'Agents that are not started, or stand still, for their account: no login, or a usage limit.',
  },
  accounts: {
    name: 'muxlet_accounts',
    help: 'Classes of which there are agents, by the state of their account.',
    labels: { state: ACCOUNT_STATES },
  },
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
  sourceReady: {
    name: 'muxlet_gitsource_ready',
    help: '1 while a GitSource is Ready, by its name. Ends with it.',
    labels: { gitsource: 'open' },
  },
  mailboxDepth: { name: 'muxlet_mailbox_depth', help: 'Messages that wait in mailboxes or are being delivered.' },
  observationAge: {
    name: 'muxlet_observation_age_seconds',
    help: 'Seconds since the last complete look at tmux, or since the start where there was none.',
  },
  tmuxConnected: {
    name: 'muxlet_tmux_connected',
    help: '1 while the connection to the tmux server is up.',
    labels: { server: 'open' },
  },
  configLoadedAt: {
    name: 'muxlet_config_last_reload_success_timestamp_seconds',
    help: 'When the specs were last loaded without a problem, in seconds since the epoch; 0 if never.',
  },
  problems: {
    name: 'muxlet_problems',
    help: 'Problems in the specs at present, by severity.',
    labels: { severity: ['Error', 'Warning'] },
  },
  stateUnwritable: {
    name: 'muxlet_state_unwritable',
    help: '1 from a failed write to the state directory until it succeeds.',
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
  ...FIGURE_GAUGES,
  ...FORMER_GAUGES,
} as const satisfies Record<string, Definition>;

export const HISTOGRAMS = {
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
    labels: { kind: KINDS },
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
  ...GIT_HISTOGRAMS,
  tmuxCommand: {
    name: 'muxlet_tmux_command_duration_seconds',
    help: 'Seconds from sending a command to tmux to its answer.',
    buckets: FINE,
  },
  replacement: {
    name: 'muxlet_agent_replacement_seconds',
    help: "Seconds from seeing an agent's end to its replacement running.",
    buckets: WIDE,
  },
  detection: {
    name: 'muxlet_agent_fault_detection_seconds',
    help: 'Seconds from the last sign of life of an agent that is stuck to finding it, by fault.',
    labels: { fault: ['Hung', 'ShellWithoutAgent'] },
    buckets: LONG,
  },
  recovery: {
    name: 'muxlet_agent_fault_recovery_seconds',
    help: 'Seconds from finding a fault of an agent to its running again, by fault.',
    labels: { fault: FAULTS },
    buckets: [...FINE, ...LONG],
  },
  projectDuration: {
    name: 'muxlet_project_duration_seconds',
    help: 'Seconds from the first start of an agent of a project to its result, all attempts and pauses included, by result.',
    labels: { result: ATTEMPT_RESULTS },
    buckets: WORK,
  },
  delivery: {
    name: 'muxlet_message_delivery_seconds',
    help: 'Seconds from putting a message into a mailbox to the record that it was submitted.',
    buckets: [0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14_400],
  },
  projectQueueWait: {
    name: 'muxlet_queue_wait_seconds',
    help: 'Seconds that a project waited for a slot, from the moment in which it could have run.',
    buckets: [0.1, 1, 10, 60, 300, 900, 3600, 14_400, 43_200, 86_400],
  },
  sourceLook: {
    name: 'muxlet_gitsource_look_duration_seconds',
    help: 'Seconds that a look at a repository took: fetching, checking and putting in force.',
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
  },
  configReload: {
    name: 'muxlet_config_reload_duration_seconds',
    help: 'Seconds that loading the specs took.',
    buckets: COARSE,
  },
  ...FORMER_HISTOGRAMS,
} as const satisfies Record<string, HistogramDefinition>;
