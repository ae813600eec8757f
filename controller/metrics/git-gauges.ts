/** What git says of each agent's work tree; what is not known of one has no series. */
const AGENT = { project: 'open', agent: 'open' } as const;

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
} as const;
