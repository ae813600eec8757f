import { type Definition, type HistogramDefinition, WORK } from './definition.ts';
import { ATTEMPT_RESULTS, FALSE_FAILURE_PROOFS, INTERVENTIONS, PROBE_RESULTS, PROBES, SIZES } from './label-values.ts';

// How well it goes: what an operator is asked for at the end of a month. Definitions of the words stand in docs/metrics.md.

export const FIGURE_COUNTERS = {
  results: {
    name: 'muxlet_project_results_total',
    help: 'Projects that came to a result, all attempts over, by result and size.',
    labels: { result: ATTEMPT_RESULTS, size: SIZES },
  },
  falseFailures: {
    name: 'muxlet_project_false_failures_total',
    help: 'Failed results that were shown to be wrong, by size and proof: reset as they were, or completed after that.',
    labels: { size: SIZES, proof: FALSE_FAILURE_PROOFS },
  },
  interventions: {
    name: 'muxlet_interventions_total',
    help: 'What people had to do by hand, by verb: resets of projects, restarts of agents.',
    labels: { verb: INTERVENTIONS },
  },
  probes: {
    name: 'muxlet_probes_total',
    help: 'Probes of agents that were run, by probe and result.',
    labels: { probe: PROBES, result: PROBE_RESULTS },
  },
  authFailures: {
    name: 'muxlet_agent_auth_failures_total',
    help: 'Agents that were found without a login, each once until it has one again.',
  },
} as const satisfies Record<string, Definition>;

export const FIGURE_GAUGES = {
  projectPhase: {
    name: 'muxlet_project_phase',
    help: '1 for the phase in which a project is. Ends with the project.',
    labels: { project: 'open', phase: 'open' },
  },
  projectActive: {
    name: 'muxlet_project_active_seconds',
    help: 'For how long the clock of the present attempt has run. Ends with the project.',
    labels: { project: 'open' },
  },
  projectLeft: {
    name: 'muxlet_project_deadline_left_seconds',
    help: 'How much of its time an attempt had left when that was last counted. Only of projects with a deadline.',
    labels: { project: 'open' },
  },
  agentState: {
    name: 'muxlet_agent_state',
    help: '1 for the state in which an agent is. Ends with the agent.',
    labels: { project: 'open', agent: 'open', state: 'open' },
  },
  agentContext: {
    name: 'muxlet_agent_context_left_ratio',
    help: 'How much of its context an agent has left, 0 to 1. Only where its class can tell.',
    labels: { project: 'open', agent: 'open' },
  },
} as const satisfies Record<string, Definition>;

// Names that people graph already, from the time of the Python daemons. Fed by the same facts as those of muxlet's own.

export const FORMER_COUNTERS = {
  formerAuthFailures: {
    name: 'tmux_orch_auth_failures_total',
    help: 'The same as muxlet_agent_auth_failures_total, under a name that is graphed already.',
  },
  formerMessageFailures: {
    name: 'tmux_orch_message_failures_total',
    help: 'Messages that were not delivered: muxlet_messages_total of DeadLetter and Expired.',
  },
} as const satisfies Record<string, Definition>;

export const FORMER_GAUGES = {
  formerStuckAgents: {
    name: 'tmux_orch_stuck_agents',
    help: 'Agents that are stuck: muxlet_agents of Stuck, over all classes.',
  },
} as const satisfies Record<string, Definition>;

export const FORMER_HISTOGRAMS = {
  formerProjectDuration: {
    name: 'tmux_orch_project_duration_seconds',
    help: 'Seconds that completed projects took: muxlet_project_duration_seconds of Completed.',
    buckets: WORK,
  },
} as const satisfies Record<string, HistogramDefinition>;
