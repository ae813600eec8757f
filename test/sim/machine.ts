/**
 * The simulated machine: processes and one tmux server, with the manners that the real ones were measured to have.
 * It knows who made what, whatever the marks say; so it can tell whether we touched what is not ours.
 */
import type { SimClock } from './sim-clock.ts';

export type Program = 'stay' | 'slow' | 'stubborn' | 'parent' | 'done' | 'fail';
/** How tmux takes the end of a pane's process; see `die`. */
export type DeathMode = 'Clean' | 'Lingering' | 'Swallowed';

export interface Env {
  readonly uid: string;
  readonly agent: string;
  readonly run: string;
}

export interface Launch extends Env {
  readonly project: string;
  readonly class: string;
  readonly hash: string;
  readonly program: Program;
}

/** What an agent is at, and since when, by the wall clock and by the one that never jumps. */
export interface Mood {
  readonly says: 'Busy' | 'NeedsAuth';
  readonly at: number;
  readonly since: number;
  readonly hungSince?: number;
}

/** The login that all agents of a class share. */
export interface Account {
  readonly isLoggedIn: boolean;
  /** Whether it was lost at the very moment at which its files were written last. */
  readonly isMixedUp: boolean;
  /** Whether a check by the program itself sees that the login is gone. */
  readonly isSeenByCheck: boolean;
  /** When somebody logged in last, by the wall clock and by the one that never jumps. */
  readonly filesAt: number;
  readonly loggedInSince: number;
}

export interface SimProcess {
  readonly pid: number;
  readonly startTime: string;
  parent: number;
  readonly session: number;
  readonly program: Program;
  readonly startedAt: number;
  readonly env: Env | undefined;
  /** What we started it as; undefined for a person's. */
  readonly launch: Launch | undefined;
  /** The first process of its pane. */
  readonly isMain: boolean;
  mood: Mood;
  /** When it said that it is done, by the wall clock. */
  reportedAt?: number;
  zombie: boolean;
  exit: { readonly exitCode?: number; readonly signal?: number } | undefined;
}

export interface SimPane {
  readonly id: string;
  pid: number;
  dead: boolean;
  exitCode: number | undefined;
  signal: number | undefined;
  /** The value of @muxlet-pane and of @muxlet-project. */
  mark: string | undefined;
  project: string | undefined;
  /** Who is at home in it: ours until a person has something of their own run in it. */
  ours: boolean;
}

export interface SimWindow {
  readonly id: string;
  name: string;
  mark: string | undefined;
  project: string | undefined;
  panes: SimPane[];
}

export interface SimSession {
  readonly id: string;
  name: string;
  mark: string | undefined;
  project: string | undefined;
  ours: boolean;
  readonly windows: Map<number, SimWindow>;
}

export interface Place {
  readonly session: SimSession;
  readonly index: number;
  readonly window: SimWindow;
  readonly pane: SimPane;
}

export interface Machine {
  readonly clock: SimClock;
  readonly processes: Map<number, SimProcess>;
  readonly sessions: Map<string, SimSession>;
  up: boolean;
  /** How often each agent was started since something happened last, by `project/agent`. */
  readonly begun: Map<string, number>;
  /** Which boot this is. */
  boot: number;
  /** Until when (elapsed) the server does not answer, and until when nobody knows whether it is there. */
  deafUntil: number;
  unknownUntil: number;
  deathMode: DeathMode;
  account: Account;
  readonly ids: { session: number; window: number; pane: number };
  readonly pids: { next: number; starts: number };
  /** Told of whatever notifies somebody; a hint that may get lost. */
  onDeath: (project: string) => void;
  onStructure: () => void;
  onMood: (project: string, inMs: number) => void;
}

export function createMachine(clock: SimClock): Machine {
  return {
    clock,
    processes: new Map(),
    sessions: new Map(),
    up: false,
    begun: new Map(),
    boot: 1,
    deafUntil: 0,
    unknownUntil: 0,
    deathMode: 'Clean',
    account: { isLoggedIn: true, isMixedUp: false, isSeenByCheck: true, filesAt: clock.now(), loggedInSince: 0 },
    ids: { session: 0, window: 0, pane: 0 },
    pids: { next: 100, starts: 0 },
    onDeath: () => undefined,
    onStructure: () => undefined,
    onMood: () => undefined,
  };
}

export function places(machine: Machine): Place[] {
  return [...machine.sessions.values()].flatMap((session) =>
    [...session.windows]
      .sort(([a], [b]) => a - b)
      .flatMap(([index, window]) => window.panes.map((pane) => ({ session, index, window, pane }))),
  );
}

/** Where the process is the first of its pane; of several sessions into which its window is linked, its own project's. */
export function placeOf(machine: Machine, process: SimProcess): Place | undefined {
  const found = places(machine).filter(({ pane }) => pane.pid === process.pid && !hasEnded(pane));
  return found.find(({ session }) => session.project === process.launch?.project) ?? found[0];
}

function hasEnded({ dead, exitCode, signal: number }: SimPane): boolean {
  return dead && (exitCode !== undefined || number !== undefined);
}

/** Ids begin at 0 again. */
export function startServer(machine: Machine): void {
  if (machine.up) return;
  machine.up = true;
  machine.ids.session = machine.ids.window = machine.ids.pane = 0;
}
