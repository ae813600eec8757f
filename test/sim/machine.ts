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
    deafUntil: 0,
    unknownUntil: 0,
    deathMode: 'Clean',
    account: { isLoggedIn: true, isSeenByCheck: true, filesAt: clock.now(), loggedInSince: 0 },
    ids: { session: 0, window: 0, pane: 0 },
    pids: { next: 100, starts: 0 },
    onDeath: () => undefined,
    onStructure: () => undefined,
    onMood: () => undefined,
  };
}

/** Ids are few, so that they are used again soon. */
const PIDS = { first: 100, count: 60 };

function freePid(machine: Machine): number {
  for (;;) {
    const pid = machine.pids.next;
    machine.pids.next = PIDS.first + ((pid + 1 - PIDS.first) % PIDS.count);
    if (!machine.processes.has(pid)) return pid;
  }
}

interface Spawn {
  readonly program: Program;
  readonly launch?: Launch;
  readonly parent?: SimProcess;
}

export function spawn(machine: Machine, { program, launch, parent }: Spawn): SimProcess {
  const pid = freePid(machine);
  const process: SimProcess = {
    pid,
    startTime: `${machine.pids.starts++}`,
    parent: parent?.pid ?? 1,
    session: parent?.session ?? pid,
    program,
    startedAt: machine.clock.elapsed(),
    env: launch === undefined ? undefined : { uid: launch.uid, agent: launch.agent, run: launch.run },
    launch,
    isMain: parent === undefined,
    mood: moodOf(machine, machine.account.isLoggedIn ? 'Busy' : 'NeedsAuth'),
    zombie: false,
    exit: undefined,
  };
  machine.processes.set(pid, process);
  const end = (ms: number, exit: NonNullable<SimProcess['exit']>): void => {
    machine.clock.after(ms, () => {
      if (isAlive(machine, process)) die(machine, process, exit);
    });
  };
  if (program === 'done') end(300, { exitCode: 0 });
  if (program === 'fail') end(300, { exitCode: 1 });
  if (program === 'parent' && parent === undefined) {
    const born = { ...(launch !== undefined && { launch }), parent: process };
    spawn(machine, { program: 'stubborn', ...born });
    spawn(machine, { program: 'stay', ...born });
  }
  return process;
}

export function moodOf({ clock }: Machine, says: Mood['says']): Mood {
  return { says, at: clock.now(), since: clock.elapsed() };
}

export function isAlive(machine: Machine, process: SimProcess): boolean {
  return machine.processes.get(process.pid) === process && !process.zombie;
}

export function signal(machine: Machine, process: SimProcess, name: 'TERM' | 'KILL' | 'HUP'): void {
  if (!isAlive(machine, process)) return;
  if (name === 'KILL') return die(machine, process, { signal: 9 });
  if (process.program === 'stubborn') return;
  const number = name === 'TERM' ? 15 : 1;
  if (process.program !== 'slow') return die(machine, process, { signal: number });
  machine.clock.after(400, () => {
    if (isAlive(machine, process)) die(machine, process, { signal: number });
  });
}

/**
 * A process ends. Its terminal tells the others in its session, its children get another parent. tmux collects it at
 * once, or a moment later (Lingering: a zombie in a pane that does not look dead), or not at all before it is woken
 * (Swallowed: the pane is dead, has neither code nor signal, and the zombie stays).
 */
export function die(machine: Machine, process: SimProcess, exit: NonNullable<SimProcess['exit']>): void {
  process.exit = exit;
  process.zombie = true;
  for (const other of machine.processes.values()) if (other.parent === process.pid) other.parent = 1;
  const place = process.isMain ? placeOf(machine, process) : undefined;
  if (place === undefined) {
    machine.processes.delete(process.pid);
  } else if (machine.deathMode === 'Clean' || !machine.up) {
    collect(machine, process);
  } else if (machine.deathMode === 'Lingering') {
    machine.clock.after(30, () => {
      collect(machine, process);
    });
  } else {
    place.pane.dead = true;
  }
  if (process.isMain) hangUp(machine, process.session);
  if (place?.pane.project !== undefined) machine.onDeath(place.pane.project);
}

/** What the terminal's end does to whoever else lives on it. */
export function hangUp(machine: Machine, session: number): void {
  for (const other of machine.processes.values()) if (other.session === session) signal(machine, other, 'HUP');
}

function collect(machine: Machine, process: SimProcess): void {
  if (machine.processes.get(process.pid) !== process) return;
  const place = placeOf(machine, process);
  machine.processes.delete(process.pid);
  if (place === undefined) return;
  place.pane.dead = true;
  place.pane.exitCode = process.exit?.exitCode;
  place.pane.signal = process.exit?.signal;
}

/** SIGCHLD to the server: it collects what it missed. */
export function wakeServer(machine: Machine): void {
  for (const process of machine.processes.values()) if (process.zombie) collect(machine, process);
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

/** The server's end: terminals go, and with them whoever does not mind. */
export function loseServer(machine: Machine): void {
  const panes = places(machine).map(({ pane }) => pane);
  machine.up = false;
  machine.sessions.clear();
  for (const pane of panes) hangUp(machine, pane.pid);
  for (const process of machine.processes.values()) if (process.zombie) machine.processes.delete(process.pid);
}

/** Ids begin at 0 again. */
export function startServer(machine: Machine): void {
  if (machine.up) return;
  machine.up = true;
  machine.ids.session = machine.ids.window = machine.ids.pane = 0;
}
