import { type Definition, FINE, type HistogramDefinition, OUTCOME } from './definition.ts';
import { NOTIFICATIONS } from './label-values.ts';

// What the controller stands on: tmux, and the state directory.

export const SURROUNDINGS_COUNTERS = {
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
} as const satisfies Record<string, Definition>;

export const SURROUNDINGS_GAUGES = {
  tmuxConnected: {
    name: 'muxlet_tmux_connected',
    help: '1 while the connection to the tmux server is up.',
    labels: { server: 'open' },
  },
  stateUnwritable: {
    name: 'muxlet_state_unwritable',
    help: '1 from a failed write to the state directory until it succeeds.',
  },
} as const satisfies Record<string, Definition>;

export const SURROUNDINGS_HISTOGRAMS = {
  tmuxCommand: {
    name: 'muxlet_tmux_command_duration_seconds',
    help: 'Seconds from sending a command to tmux to its answer.',
    buckets: FINE,
  },
} as const satisfies Record<string, HistogramDefinition>;
