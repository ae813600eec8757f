import type { AgentStatus, Exit, ProjectStatus } from './generated/all.ts';

// The schemas' words as values, for those who check what is on record and for those who count. A word that a schema gains or
// loses is an error of the compiler here.

export const PHASE: Readonly<Record<ProjectStatus['phase'], true>> = {
  Pending: true,
  Queued: true,
  Initializing: true,
  Authenticating: true,
  SettingUp: true,
  Running: true,
  Recovering: true,
  TimingOut: true,
  Zombie: true,
  Verifying: true,
  Completed: true,
  Failed: true,
  Suspended: true,
  Terminating: true,
};

export const AGENT_STATE: Readonly<Record<AgentStatus['state'], true>> = {
  Pending: true,
  Starting: true,
  Idle: true,
  Busy: true,
  Waiting: true,
  NeedsAuth: true,
  Limited: true,
  Stuck: true,
  Exited: true,
  CrashLoopBackOff: true,
  Unknown: true,
};

/** What the state of an agent is read from. */
export const EVIDENCE: Readonly<Record<NonNullable<AgentStatus['evidence']>, true>> = {
  process: true,
  hook: true,
  file: true,
  transcript: true,
  http: true,
  title: true,
  screen: true,
};

export const EXIT_KIND: Readonly<Record<NonNullable<Exit['kind']>, true>> = {
  Clean: true,
  Crash: true,
  Auth: true,
  Limit: true,
  OutOfMemory: true,
  Ended: true,
  Removed: true,
};
