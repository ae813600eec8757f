import type { ActionType } from '../api/action.ts';
import type { RetryCause } from '../api/desired.ts';
import { AGENT_STATE, EVIDENCE, EXIT_KIND, PHASE } from '../api/enumerations.ts';
import type { Attempt, ProjectSpec } from '../api/generated/all.ts';
import type { MailState } from '../api/mail.ts';

export type MessageResult = Exclude<MailState, 'Queued' | 'Typing' | 'Typed'>;

export const PHASES = keysOf(PHASE);

export const AGENT_STATES = keysOf(AGENT_STATE);

export const EXIT_KINDS = keysOf(EXIT_KIND);

/** What the state of an agent is read from. */
export const EVIDENCES = keysOf(EVIDENCE);

export const RECOVERY_REASONS = ['Hung', 'ShellWithoutAgent', 'AccountRestored'] as const;
/** What an agent is brought back from: a recovery, or an end that was none of ours. */
export const FAULTS = [...RECOVERY_REASONS, 'Crash', 'OutOfMemory', 'Removed'] as const;
export const ACCOUNT_STATES = ['LoggedIn', 'NotLoggedIn', 'LoginLost', 'Limited', 'Unknown'] as const;

export const ATTEMPT_RESULTS = keysOf<Attempt['result']>({ Completed: true, Failed: true });
/** How much work a project is said to be; `none`: nobody said. */
export const SIZES = keysOf<NonNullable<ProjectSpec['size']> | 'none'>({
  small: true,
  medium: true,
  large: true,
  xlarge: true,
  none: true,
});

/** What shows that a failed result was wrong. */
export const FALSE_FAILURE_PROOFS = ['Reset', 'Completed'] as const;
/** What people do by hand. */
export const INTERVENTIONS = ['reset', 'restart'] as const;
export const PROBES = ['readiness', 'liveness'] as const;
/** Unknown: it could not be run. */
export const PROBE_RESULTS = ['Succeeded', 'Failed', 'Unknown'] as const;

/** How an attempt ended. */
export const ATTEMPT_REASONS = keysOf<RetryCause | 'Completed'>({
  Completed: true,
  AgentFailed: true,
  DeadlineExceeded: true,
  RecoveriesExhausted: true,
  VerificationFailed: true,
  CompletionNotMet: true,
});

export const VERBS = keysOf<ActionType>({
  CreateSession: true,
  RestoreSession: true,
  CreateWindow: true,
  SplitWindow: true,
  RespawnPane: true,
  RenameSession: true,
  RenameWindow: true,
  MarkWindow: true,
  MoveWindow: true,
  LinkWindow: true,
  SwapWindows: true,
  BreakPane: true,
  Finish: true,
  Answer: true,
  Signal: true,
  WakeServer: true,
  KillPane: true,
  KillWindow: true,
  RemovePlaceholder: true,
  KillSession: true,
  ReleaseSession: true,
  ArrangeWorkTrees: true,
  FinishWork: true,
});

/** Notifications of tmux(1), CONTROL MODE; what a later tmux adds is counted as `other`. */
export const NOTIFICATIONS = [
  'client-detached',
  'client-session-changed',
  'config-error',
  'continue',
  'exit',
  'extended-output',
  'layout-change',
  'message',
  'output',
  'pane-mode-changed',
  'paste-buffer-changed',
  'paste-buffer-deleted',
  'pause',
  'session-changed',
  'session-renamed',
  'session-window-changed',
  'sessions-changed',
  'subscription-changed',
  'unlinked-window-add',
  'unlinked-window-close',
  'unlinked-window-renamed',
  'window-add',
  'window-close',
  'window-pane-changed',
  'window-renamed',
  'other',
] as const;

/** How a message ended for one agent. */
export const MESSAGE_RESULTS = keysOf<MessageResult>({
  Confirmed: true,
  Unconfirmed: true,
  Superseded: true,
  Expired: true,
  DeadLetter: true,
});

/** A list of all names of a type, which the compiler holds against the type. */
function keysOf<Name extends string>(names: Readonly<Record<Name, true>>): readonly Name[] {
  return Object.keys(names) as Name[];
}
