/**
 * What the verbs need of the machine and of the other rooms, in the verbs' words. main.ts builds it; tests put their
 * own in its place, so that no test needs a process, a terminal or a tmux server.
 */
import type { Decision } from '../api/decision.ts';
import type { Event, Message } from '../api/generated/all.ts';
import type { Manifest } from '../api/manifest.ts';
import type { StoredObject } from '../api/metadata.ts';
import type { Notifier } from '../api/notification.ts';
import type { ProcessRef } from '../api/observed.ts';
import type { Problem } from '../api/problem.ts';
import type { World } from '../api/world.ts';

/** What a person's flags and environment say; the paths are absolute. */
export interface Places {
  readonly specs: string;
  readonly state: string;
  /** Name of the tmux server (tmux -L). */
  readonly socket: string;
}

export type Env = Readonly<Record<string, string | undefined>>;

export interface Output {
  write(text: string): unknown;
}

/** The terminal, the surroundings and the time of one run of the program. */
export interface Surroundings {
  readonly env: Env;
  readonly stdin: AsyncIterable<string | Uint8Array>;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly isTTY: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  /** Whether standard error goes to systemd's journal. */
  readonly isJournal: boolean;
  /** Absolute. */
  readonly cwd: string;
  /** Absolute. */
  readonly home: string;
  /** Version of the package. */
  readonly version: string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Fires when the person presses Ctrl-C (SIGINT) or the process is asked to end (SIGTERM). */
  readonly interrupt: AbortSignal;
  /** What the process will exit with; the last call counts. */
  setExitCode(code: number): void;
}

/** The program itself and the account it runs under, as a service manager must be told. */
export interface Self {
  /** process.platform */
  readonly platform: string;
  readonly uid: number;
  /** The program and its first arguments, all paths absolute: node, and the file that it runs. */
  readonly argv: readonly string[];
}

/** Who runs as the controller of a state directory. */
export interface Controller {
  readonly pid: number;
  /** HOST:PORT of its HTTP server, if it has one. */
  readonly address?: string;
}

export interface ControllerPort {
  /** Looks whether a controller holds the state directory. Takes no lock and touches no file. */
  find(places: Places): Promise<Controller | undefined>;
  /** Asks it to end (SIGTERM), after seeing that the process still is the one that was found. */
  stop(controller: Controller, places: Places): Promise<void>;
}

export interface Finished {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramPort {
  /** Runs a program to its end, without a terminal. A program that cannot be started is not ok. */
  run(argv: readonly string[], options: { readonly timeoutMs: number }): Promise<Finished>;
  /** Runs a program on our own terminal to its end; returns its exit code, 127 if it cannot be started. */
  runInTerminal(argv: readonly string[], env: Env): Promise<number>;
}

/** A line that an agent printed. */
export interface LogLine {
  /** When it was seen, in milliseconds since the epoch. */
  readonly at: number;
  /** The run of the agent that printed it. */
  readonly run: string;
  readonly text: string;
}

export interface LogPort {
  /** Looks at an agent's output; neither that nor following it has any effect. */
  open(places: Places, agentUid: string): Promise<AgentLog>;
}

export interface AgentLog {
  /** What is kept of it and what stands in its terminal now, oldest first; empty if there is nothing. */
  readonly lines: readonly LogLine[];
  /** What comes after these lines, until the signal fires. */
  follow(signal: AbortSignal): AsyncIterable<LogLine>;
}

export interface PlannedProject {
  readonly name: string;
  readonly decision: Decision;
}

export interface PlannerPort {
  /** What the controller would do now, without doing it. All projects if no names are given. */
  plan(places: Places, names: readonly string[]): Promise<readonly PlannedProject[]>;
}

/** A session that bears our mark. */
export interface OwnedSession {
  readonly server: string;
  readonly id: string;
  readonly name: string;
  readonly project: string;
  /** The project's, by the session's mark. */
  readonly uid: string;
  /** Another controller made it, by the session's mark: it is not ours to end. */
  readonly foreign?: true;
}

export interface TeardownPort {
  /** All sessions with our mark on all servers of the socket name. */
  sessions(places: Places): Promise<readonly OwnedSession[]>;
  /** Ends the agents as their classes say, then the session. Gives the reason if that failed. */
  end(places: Places, session: OwnedSession): Promise<{ readonly ok: boolean; readonly error?: string }>;
  /** Ends our tmux servers on which nobody's session is left; gives their names. */
  endEmptyServers(places: Places): Promise<readonly string[]>;
}

export interface RunsOf {
  readonly uid: string;
  readonly runs: ReadonlySet<string>;
}

export interface RescuePort {
  /** Looks at specs, records, tmux and processes from scratch. Changes nothing. */
  world(places: Places): Promise<World>;
  /** Ends all processes of these runs of a uid, those that they start meanwhile as well: TERM, 10 s, KILL. Gives those that live on. */
  endProcesses(of: RunsOf, places: Places): Promise<readonly ProcessRef[]>;
  /** What the controller at HOST:PORT says of itself; undefined if it does not answer. */
  metrics(address: string): Promise<string | undefined>;
}

export interface LockPort {
  /**
   * Runs something while it alone holds the lock at a path.
   *
   * @throws MUX_LOCK_TIMEOUT if the lock could not be had in `timeoutMs`
   */
  withLock<T>(path: string, timeoutMs: number, run: () => Promise<T>): Promise<T>;
}

/** An object that a person wrote, and where. */
export interface SpecObject {
  readonly object: Manifest;
  /** Absolute path of its file; absent for presets, which come with muxlet. */
  readonly file?: string;
  /** The GitSource that it comes from, the revision (absent for what was kept), and its file there. */
  readonly origin?: { readonly source: string; readonly revision?: string; readonly file: string };
}

export interface SpecsView {
  /** What is wanted; of an object whose file is broken, the last good version, if there is one. */
  readonly objects: readonly SpecObject[];
  readonly problems: readonly Problem[];
}

export interface StateView {
  readonly objects: readonly StoredObject[];
  readonly events: readonly Event[];
  /** Messages that were sent and are kept in the state directory. */
  readonly sent: readonly Message[];
  /** The specs that the controller last took. */
  readonly applied: readonly SpecObject[];
  /** When the newest of these was written, in milliseconds since the epoch; absent if there is none. */
  readonly asOf?: number;
}

/** Readers of files. They create, touch and lock nothing; a directory that is not there is an empty one. */
export interface StoresPort {
  specs(places: Places): Promise<SpecsView>;
  state(places: Places): Promise<StateView>;
}

export interface CliDeps extends Surroundings {
  readonly self: Self;
  readonly stores: StoresPort;
  readonly controller: ControllerPort;
  readonly programs: ProgramPort;
  readonly logs: LogPort;
  readonly planner: PlannerPort;
  readonly teardown: TeardownPort;
  readonly locks: LockPort;
  readonly rescue: RescuePort;
  readonly notifier: Notifier;
}
