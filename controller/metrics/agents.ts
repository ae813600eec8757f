import { type Definition, FINE, type HistogramDefinition, LONG, WIDE } from './definition.ts';
import {
  ACCOUNT_STATES,
  AGENT_STATES,
  EVIDENCES,
  EXIT_KINDS,
  FAULTS,
  MESSAGE_RESULTS,
  RECOVERY_REASONS,
} from './label-values.ts';

// How agents live and end, and what is said to them.

export const AGENT_COUNTERS = {
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
  messages: {
    name: 'muxlet_messages_total',
    help: 'Messages that ended, one for each agent, by result.',
    labels: { result: MESSAGE_RESULTS },
  },
  messageRetries: {
    name: 'muxlet_message_retries_total',
    help: 'Deliveries of a message to an agent that failed.',
  },
} as const satisfies Record<string, Definition>;

export const AGENT_GAUGES = {
  agents: {
    name: 'muxlet_agents',
    help: 'Agents, by state and class.',
    labels: { state: AGENT_STATES, class: 'open' },
  },
  agentEvidence: {
    name: 'muxlet_agent_evidence_age_seconds',
    help: 'How long ago the evidence came about by which the state of an agent is known, by its source; of the process, since the start. Ends with the agent.',
    labels: { project: 'open', agent: 'open', evidence: EVIDENCES },
  },
  agentsHeld: {
    name: 'muxlet_agents_held',
    help: 'Agents that are not started, or stand still, for their account: no login, or a usage limit.',
  },
  accounts: {
    name: 'muxlet_accounts',
    help: 'Classes of which there are agents, by the state of their account.',
    labels: { state: ACCOUNT_STATES },
  },
  mailboxDepth: { name: 'muxlet_mailbox_depth', help: 'Messages that wait in mailboxes or are being delivered.' },
} as const satisfies Record<string, Definition>;

export const AGENT_HISTOGRAMS = {
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
  delivery: {
    name: 'muxlet_message_delivery_seconds',
    help: 'Seconds from putting a message into a mailbox to the record that it was submitted.',
    buckets: [0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14_400],
  },
} as const satisfies Record<string, HistogramDefinition>;
