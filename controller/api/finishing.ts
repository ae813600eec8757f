/** What is done with work that seems finished: it is put together, verified, and given on. */
import type { IntegrationStatus, VerificationStatus } from './generated/all.ts';
import type { DesiredCredentials } from './workspace.ts';

/** The agent in the marks of what a round starts: no agent's name begins with a dot. */
export const FINISHER = '.finisher';
/** In whose name merges are committed: ours, and never a person's. */
export const FINISHER_EMAIL = 'muxlet@localhost';

export interface DesiredIntegration {
  readonly onConflict: 'Hub' | 'Person';
  readonly rounds: number;
  /** Without refs/heads/. */
  readonly fastForward?: string;
  readonly push?: { readonly remote: string; readonly branch: string };
  readonly pullRequest?: TimedCommand;
  /** With what a remote is reached; without them, with what the user's own git would take. */
  readonly credentials?: DesiredCredentials;
  /** Where the repository was cloned from: for its host alone the credentials are. Absent: it is a person's own. */
  readonly address?: string;
}

export interface DesiredVerification {
  readonly commands: readonly TimedCommand[];
  readonly rounds: number;
}

export interface TimedCommand {
  readonly argv: readonly string[];
  readonly timeoutMs: number;
}

/** How a round stands. Unknown to the finisher (it was restarted): asked for anew, it is done over from a clean work tree. */
export interface FinishLook {
  readonly attempt: number;
  readonly round: number;
  readonly state:
    | 'Running'
    /** Merged, verified and given on, as far as the spec asks. */
    | 'Passed'
    /** A branch could not be merged: `integration` names it. */
    | 'Conflict'
    /** A command of the verification failed: `verification` names it, `tail` is the end of what it printed. */
    | 'Refused'
    /** It could not be done: git failed, a remote refused. Tried again later. */
    | 'Failed';
  /** What was asked for: see roundHash. Absent: that is not known. */
  readonly asked?: string;
  readonly integration?: IntegrationStatus;
  readonly verification?: VerificationStatus;
  /** The last lines of the log, without secrets. */
  readonly tail?: readonly string[];
  readonly message?: string;
}
