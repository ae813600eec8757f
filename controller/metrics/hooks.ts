import type { ActionType } from '../api/action.ts';
import type { AgentStatus, Attempt, Exit, GitStatus, ProjectStatus, QueueStatus } from '../api/generated/all.ts';
import type { SpecKind } from '../api/kinds.ts';
import type { Problem } from '../api/problem.ts';
import type { MismatchType } from '../api/world.ts';
import type { TRY_RESULTS } from './alerts.ts';
import type {
  ACCOUNT_STATES,
  FALSE_FAILURE_PROOFS,
  FAULTS,
  INTERVENTIONS,
  MessageResult,
  PROBE_RESULTS,
  PROBES,
  RECOVERY_REASONS,
  SIZES,
} from './label-values.ts';

/**
 * What others tell the metrics, in plain words: nobody else knows which library counts. Durations are milliseconds, as
 * everywhere in muxlet; the metrics turn them into seconds.
 */
export interface MetricsHooks {
  readonly queueHooks: {
    onAdd(): void;
    onTake(key: string, waitedMs: number): void;
    onDone(key: string, workedMs: number): void;
    onRetry(): void;
  };
  readonly reconcileHooks: {
    onReconciled(kind: SpecKind, result: 'success' | 'requeue' | 'error', durationMs: number): void;
  };
  readonly actionHooks: {
    onAction(verb: ActionType, result: Outcome, durationMs: number): void;
  };
  readonly observationHooks: {
    onObserved(scope: 'full' | 'project', durationMs: number): void;
  };
  readonly agentHooks: {
    /** From the moment in which the end of an agent was seen to the one in which its replacement ran. */
    onReplaced(durationMs: number): void;
    onExit(kind: NonNullable<Exit['kind']>): void;
    onRecovery(reason: (typeof RECOVERY_REASONS)[number]): void;
    /** From the last sign of life to finding out. */
    onDetected(fault: 'Hung' | 'ShellWithoutAgent', durationMs: number): void;
    /** From finding out to its running again. */
    onRecovered(fault: (typeof FAULTS)[number], durationMs: number): void;
    /** It was found without a login; once until it has one again. */
    onAuthFailure(): void;
    onProbe(probe: (typeof PROBES)[number], result: (typeof PROBE_RESULTS)[number]): void;
  };
  readonly courseHooks: {
    onAttempt(result: Attempt['result'], reason: string): void;
    onExtension(): void;
    /** From the first start of an agent to the result; undefined if none was started. */
    onFinished(result: Attempt['result'], size: Size, durationMs: number | undefined): void;
    onFalseFailure(size: Size, proof: (typeof FALSE_FAILURE_PROOFS)[number]): void;
  };
  readonly peopleHooks: {
    onIntervention(verb: (typeof INTERVENTIONS)[number]): void;
  };
  readonly messageHooks: {
    onEnded(result: MessageResult, durationMs: number): void;
    onRetry(): void;
  };
  /** Queues of projects. */
  readonly projectQueueHooks: {
    onQueue(name: string, status: Pick<QueueStatus, 'running' | 'waiting' | 'breaker'>): void;
    /** From the moment in which the project could have run to its slot. */
    onAdmitted(name: string, waitedMs: number): void;
    /** The queue is gone: its series end. */
    onForgotten(name: string): void;
  };
  /** Repositories that are followed. */
  readonly sourceHooks: {
    onLook(result: 'Taken' | 'Refused' | 'Failed', durationMs: number): void;
    onSource(name: string, isReady: boolean): void;
    /** The source is gone: its series end. */
    onForgotten(name: string): void;
  };
  /** Who is told of events. */
  readonly alertHooks: {
    /** A receiver, and how many events it is to be told of yet. */
    onReceiver(alert: string, receiver: string, waiting: number): void;
    onTry(alert: string, receiver: string, result: (typeof TRY_RESULTS)[number]): void;
    onDropped(alert: string, receiver: string, events: number): void;
    /** The receiver is gone: its series end. */
    onForgotten(alert: string, receiver: string): void;
  };
  readonly gitHooks: {
    /** git was started to look at a work tree. */
    onLook(result: 'success' | 'error' | 'timeout', durationMs: number): void;
  };
  readonly tmuxHooks: {
    onCommand(server: string, result: 'success' | 'error' | 'timeout', durationMs: number): void;
    /** The notification's name, with or without its percent sign. */
    onNotification(type: string): void;
    onConnected(server: string, isConnected: boolean): void;
    onServerStart(server: string): void;
    /** The server is no longer used: its series end. */
    onServerForgotten(server: string): void;
  };
  readonly configHooks: {
    /** `at`: milliseconds since the epoch. */
    onReload(result: Outcome, durationMs: number, at: number): void;
  };
  readonly stateHooks: {
    onWrite(result: Outcome): void;
    /** Something is wrong with the state directory, or right again; `isWritable`: whether all of it can be written. */
    onProblem(
      type: 'WriteFailed' | 'WriteHealed' | 'Unreadable' | 'Corrupt' | 'FieldsDropped' | 'LinesDropped',
      isWritable: boolean,
    ): void;
  };
  readonly auditHooks: {
    /** All that is so at present, one for each. */
    onMismatches(found: readonly { readonly type: MismatchType }[]): void;
  };
  readonly leaderHooks: {
    onLeader(isLeader: boolean): void;
  };
}

export type Size = (typeof SIZES)[number];

export type Outcome = 'success' | 'error';

/** How things stand, asked for at each scrape. */
export interface Summary {
  readonly queue: { readonly depth: number; readonly unfinishedMs: number; readonly longestMs: number };
  /** One for each object; counted here. */
  readonly objects: readonly {
    readonly kind: 'Project';
    readonly name: string;
    readonly phase: ProjectStatus['phase'];
    readonly activeSeconds?: number;
    /** Of its deadline. */
    readonly leftSeconds?: number;
  }[];
  readonly agents: readonly {
    readonly project: string;
    readonly name: string;
    readonly class: string;
    readonly state: AgentStatus['state'];
    readonly restarts: number;
    /** What its state was read from, and how long ago that came about. */
    readonly evidence?: { readonly source: NonNullable<AgentStatus['evidence']>; readonly ageMs: number };
    /** Of its context, in percent. */
    readonly contextLeft?: number;
    /** What git says of its directory, if that is a work tree. */
    readonly git?: Pick<GitStatus, 'ahead' | 'behind' | 'changed' | 'untracked' | 'lastCommitAt'>;
  }[];
  /** Agents that stand still for their account. */
  readonly held: number;
  /** One for each class of which there are agents. */
  readonly accounts: readonly { readonly state: (typeof ACCOUNT_STATES)[number] }[];
  readonly problems: readonly { readonly severity: Problem['severity'] }[];
  /** Messages that wait in mailboxes. */
  readonly mailboxDepth: number;
  /** Milliseconds since the last complete look, or since the start. */
  readonly observationAgeMs: number;
}
