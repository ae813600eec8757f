import type { DesiredCompletion } from './completing.ts';
import type { DesiredIntegration, DesiredVerification } from './finishing.ts';
import type { AgentClassSpec, Approval, CheckIn, Finish, Probe, ProjectSpec, Retry } from './generated/all.ts';
import type { DesiredWorkspace, DesiredWorkTree } from './workspace.ts';

/**
 * A Project with every default filled in, every path absolute and every class resolved: what `plan` compares with the
 * world. It holds references to secret values, never the values.
 */
export interface DesiredProject {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly agents: readonly DesiredAgent[];
  readonly course: DesiredCourse;
  /** Absent: no work tree is made for any of its agents. */
  readonly workspace?: DesiredWorkspace;
  /** What the spec says of it, for agents whose directories are none of ours; see `DesiredWorkspace`. */
  readonly remindAfterMs?: number;
  /** Absent: it is done when all its agents have ended for good. */
  readonly completion?: DesiredCompletion;
  /** What those are told who judge whether it is done. */
  readonly goal?: DesiredGoal;
  readonly integration?: DesiredIntegration;
  readonly verification?: DesiredVerification;
  /** Changes with everything in the spec; `metadata.generation` counts its changes. */
  readonly specHash: string;
  /** Changes with what may change the outcome of a run: one that has finished runs again for it. */
  readonly inputs: string;
}

/** How a project goes through its life: when it may begin, how long it may take, and what becomes of it after that. */
export interface DesiredCourse {
  /** How much work it is said to be. */
  readonly size?: NonNullable<ProjectSpec['size']>;
  /** The Queue that it waits in. */
  readonly queue?: string;
  readonly priority: number;
  readonly hold: boolean;
  readonly dependsOn: readonly string[];
  /** Absent: it may take as long as it does. All in milliseconds. */
  readonly deadline?: {
    readonly afterMs: number;
    readonly heartbeatMs: number;
    readonly extensions: number;
    readonly extendByMs: number;
    readonly graceMs: number;
    /** What a deadline that was guessed by size is moved on by, once each; a deadline that was given is taken literally. */
    readonly allowances: { readonly LoginTrouble: number; readonly RecentActivity: number };
  };
  readonly retry: {
    readonly limit: number;
    readonly on: readonly RetryCause[];
    readonly initialMs: number;
    readonly maxMs: number;
  };
  readonly suspend?: 'EndSession' | 'KeepSession';
  readonly sessionAfterFinished: 'Keep' | 'End';
  readonly ttlAfterFinishedMs?: number;
}

export type RetryCause = NonNullable<NonNullable<Retry['on']>[number]>;

export interface DesiredAgent {
  readonly name: string;
  readonly class: string;
  readonly argv: readonly string[];
  /** Further arguments, after those of the class and before the prompt. */
  readonly args: readonly string[];
  /** Absolute. */
  readonly workingDir: string;
  /** Made for it before it is started; it is its working directory. */
  readonly workTree?: DesiredWorkTree;
  readonly env: readonly DesiredEnv[];
  readonly restartPolicy: 'Always' | 'OnFailure' | 'Never';
  readonly backoff: { readonly initialMs: number; readonly maxMs: number; readonly resetAfterMs: number };
  readonly stop: StopPolicy;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  /** What the class says of its program; taken live, but for what only a start can take up. */
  readonly program: AgentClassSpec;
  readonly approvals: readonly Approval[];
  readonly checkIns: readonly CheckIn[];
  /** What it is told at its start; absent if there is nothing to say. */
  readonly briefing?: DesiredBriefing;
  /** Changes with what needs a restart to take effect, and with nothing else. */
  readonly launchHash: string;
}

/** The file's path is absolute. */
export type DesiredGoal = { readonly text: string } | { readonly file: string };

/**
 * Templates and what they know; rendered at the start, since a recovery says other things than a first start. Present
 * for agents that have a role or a text of their own.
 */
export interface DesiredBriefing {
  readonly role?: DesiredRole;
  /** The agent's own text; no template. */
  readonly text?: string;
  readonly goal?: DesiredGoal;
  /** Absolute. */
  readonly repo?: string;
  readonly team: readonly TeamMate[];
  /** The agent to whom reports go: the first one whose role is a hub. */
  readonly hub?: string;
  /** By what it is judged whether the work is done. */
  readonly completion?: DesiredCompletion;
  readonly verification?: DesiredVerification;
}

/** The role that an agent's spec names. The agent of an unknown one is not started. */
export type DesiredRole =
  | {
      readonly type: 'Known';
      readonly name: string;
      /** Where it stands, for errors: a path, or a word that it comes with muxlet. */
      readonly source: string;
      /** Templates. */
      readonly first: string;
      readonly recovery?: string;
    }
  | {
      readonly type: 'Unknown';
      readonly name: string;
      /** The known name that was probably meant. */
      readonly nearest?: string;
      readonly known: readonly string[];
    };

export interface TeamMate {
  readonly name: string;
  readonly role?: string;
  readonly class: string;
}

export interface StopPolicy {
  readonly finish?: Finish;
  /** Milliseconds between TERM and KILL. */
  readonly graceMs: number;
}

export type DesiredEnv =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly fromFile: string }
  | { readonly name: string; readonly fromEnv: string }
  /** A class's value that is filled in at the start. */
  | { readonly name: string; readonly template: string };

/** What a spec wants of one object, as the reconciler is told. */
export type Desired =
  | { readonly type: 'Present'; readonly project: DesiredProject; readonly confirmed: boolean }
  /** The spec is there but cannot be acted on (an unknown class); what runs is left as it is. */
  | {
      readonly type: 'Rejected';
      readonly reason: 'UnknownClass' | 'NoCommand' | 'NameReserved' | 'WorkTreeNeeded' | 'CredentialsInline';
      readonly message: string;
      readonly specHash: string;
    }
  | { readonly type: 'Absent'; readonly confirmed: boolean };

export type { Finish };
