import type { AgentReading } from './agent-reading.ts';
import type { SignLooks } from './completing.ts';
import type { FinishLook } from './finishing.ts';
import type { AgentReport } from './generated/all.ts';
import type { HealthLook } from './health.ts';
import type { Look } from './look.ts';
import type { Mail } from './mail.ts';
import type { Reason } from './reasons.ts';
import type { GitLooks, WorkspaceLook } from './workspace.ts';

export type { Look } from './look.ts';

/** A process is its id and its start time (as the system counts it); an id alone is reused. */
export interface ProcessRef {
  readonly pid: number;
  readonly startTime: string;
}

/** A process that carries our mark in its environment, or descends from one that does. */
export interface MarkedProcess extends ProcessRef {
  readonly uid: string;
  readonly agent: string;
  readonly run: string;
  readonly command: string;
  readonly project?: string;
  readonly startedBy?: StartedBy;
}

/** Which controller started a process, by what it put into its environment: its state directory and its tmux server. */
export interface StartedBy {
  readonly state: string;
  readonly socket: string;
}

/** A session that bears our mark for the project, or the project's name without a mark. */
export interface ObservedSession {
  readonly server: string;
  readonly id: string;
  readonly name: string;
  /** The uid in the session's own mark; absent on a session that is not ours. */
  readonly uid?: string;
  /** The project in the session's own mark. */
  readonly project?: string;
  /** Which controller made it, by the session's own mark; see docs/decisions/0015-orphans.md. */
  readonly home?: string;
  /** Number of windows, ours and others'. */
  readonly windows: number;
}

/** Whether the pane's first process lives, by the process table: `Unknown` where it could not be read. */
export type ProcessState = 'Alive' | 'Zombie' | 'Gone' | 'Unknown';

/** A pane of the project's session, or one that bears our mark elsewhere. */
export interface ObservedPane {
  readonly server: string;
  readonly sessionId: string;
  readonly windowId: string;
  readonly windowIndex: number;
  readonly windowName: string;
  /** Panes in its window, ours and others'. */
  readonly windowPanes: number;
  /** The agent that the window's own mark names. */
  readonly windowAgent?: string;
  /** The uid of the project that the window's own mark names: another one's agent may bear the same name. */
  readonly windowUid?: string;
  readonly id: string;
  readonly pid: number;
  readonly processStart?: string;
  readonly process: ProcessState;
  readonly dead: boolean;
  readonly exitCode?: number;
  readonly signal?: number;
  /** Set if the pane carries our mark and its process, where that can be read, carries it as well. */
  readonly mark?: PaneMark;
  /** The uid of the project whose session it holds open, without a process, until an agent's window is back. */
  readonly placeholderOf?: string;
  /** The last lines on the screen, looked at for dead panes only; secrets already taken out. */
  readonly output?: readonly string[];
}

export interface PaneMark {
  readonly uid: string;
  readonly project: string;
  readonly agent: string;
  readonly hash: string;
  /** `<ms since the epoch>-<random>`: one start of the agent. */
  readonly run: string;
}

export interface ObservedTmux {
  readonly sessions: readonly ObservedSession[];
  readonly panes: readonly ObservedPane[];
}

/** Why an agent cannot be started now, seen before it is tried. */
export interface LaunchObstacle {
  readonly agent: string;
  readonly reason: Reason;
  readonly message: string;
}

/** Rows above the screen that are saved of a pane: 0.3 ms of tmux's time. What prints more between two looks loses lines. */
export const SAVED_ROWS = 500;

/** A pane's text at one moment, each line whole where the terminal wrapped it. */
export interface PaneOutput {
  /** Whose it is, and which run's, by the pane's own mark. */
  readonly mark: PaneMark;
  readonly dead: boolean;
  /** A full-screen program has the screen: it repaints, and what it shows never scrolls out. */
  readonly fullScreen: boolean;
  /** Seconds since the epoch of the last output in the window. */
  readonly windowActivity: number;
  /** Rows that scrolled out of the screen since the run's start, as many as the terminal keeps. */
  readonly historyRows: number;
  /** How many of the terminal's rows above the screen are earlier runs'. */
  readonly earlierRows: number;
  /** The last lines that have scrolled out: they do not change any more. */
  readonly settled: readonly string[];
  /** The lines on the screen, less blank ones at its end. */
  readonly screen: readonly string[];
}

export interface ProbeResult {
  readonly agent: string;
  readonly run: string;
  readonly ready?: boolean;
  readonly live?: boolean;
  readonly message?: string;
}

export interface ObservedProject {
  /** Absent: the project has no work trees, and none are left of it. */
  readonly workspace?: WorkspaceLook;
  readonly git?: GitLooks;
  /** What was seen of those signs of finished work that somebody has to go and look at. */
  readonly signs?: SignLooks;
  /** How the latest round stands of what is done with finished work; absent: none is known. */
  readonly finish?: FinishLook;
  readonly tmux: Look<ObservedTmux>;
  /** Only looked for while something is being ended or has just ended; else absent. */
  readonly processes?: Look<readonly MarkedProcess[]>;
  /** Agents whose pane is gone, and whose first process lives on; absent: none. */
  readonly outlived?: readonly string[];
  readonly obstacles: readonly LaunchObstacle[];
  readonly probes: readonly ProbeResult[];
  /** What the agents say of themselves, as far as their classes say how to read it. */
  readonly readings: readonly AgentReading[];
  readonly health: HealthLook;
  /** What each agent last said of itself since the controller's start, by its name; absent: nobody asked. */
  readonly reports?: ReadonlyMap<string, AgentReport>;
  /** Of the controller's own words to agents, those that a decision asks for, by their ids. */
  readonly words?: ReadonlyMap<string, Mail>;
}

/** When a run began, in milliseconds since the epoch; undefined if the mark was not written by us. */
export function runStartedAt(run: string): number | undefined {
  const ms = Number(run.split('-')[0]);
  return Number.isSafeInteger(ms) && ms > 0 ? ms : undefined;
}
