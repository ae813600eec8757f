import type { Definition, HistogramDefinition } from './definition.ts';

const AGENT = { project: 'open', agent: 'open' } as const;

/** What git says of each agent's work tree; what is not known of one has no series. */
export const GIT_GAUGES = {
  gitAhead: {
    name: 'muxlet_agent_git_ahead',
    help: 'Commits that an agent has and the base of its work has not. Ends with the agent.',
    labels: AGENT,
  },
  gitBehind: {
    name: 'muxlet_agent_git_behind',
    help: 'Commits that the base of the work has and the agent has not. Ends with the agent.',
    labels: AGENT,
  },
  gitDirty: {
    name: 'muxlet_agent_git_uncommitted_files',
    help: 'Files that are changed or not tracked in the work tree of an agent. Ends with the agent.',
    labels: AGENT,
  },
  gitCommittedAt: {
    name: 'muxlet_agent_git_last_commit_timestamp_seconds',
    help: 'When the commit was made that an agent has checked out, in seconds since the epoch. Ends with the agent.',
    labels: AGENT,
  },
} as const satisfies Record<string, Definition>;

export const GIT_COUNTERS = {
  gitLooks: {
    name: 'muxlet_git_looks_total',
    help: 'Looks at the work trees of agents for which git was started, by result.',
    labels: { result: ['success', 'error', 'timeout'] },
  },
} as const satisfies Record<string, Definition>;

export const GIT_HISTOGRAMS = {
  gitLook: {
    name: 'muxlet_git_look_duration_seconds',
    help: 'Seconds that git took for a look at a work tree.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
} as const satisfies Record<string, HistogramDefinition>;
