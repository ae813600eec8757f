/** What tmux's commands do to sessions, windows and panes; each says what tmux says when it refuses. */
import {
  type Launch,
  type Machine,
  type Place,
  type Program,
  places,
  type SimPane,
  type SimSession,
  type SimWindow,
} from './machine.ts';
import { hangUp, spawn } from './processes.ts';

export type Refusal = string | undefined;

export function findPane(machine: Machine, id: string): Place | undefined {
  return places(machine).find(({ pane }) => pane.id === id);
}

/** The pane, and its window as it is linked into this very session. */
export function findPlacedPane(
  machine: Machine,
  { id, sessionId, windowId }: { readonly id: string; readonly sessionId: string; readonly windowId: string },
): Place | undefined {
  return places(machine).find(
    ({ pane, session, window }) => pane.id === id && session.id === sessionId && window.id === windowId,
  );
}

export function findWindow(
  machine: Machine,
  id: string,
): { session: SimSession; index: number; window: SimWindow } | undefined {
  for (const session of machine.sessions.values()) {
    for (const [index, window] of session.windows) if (window.id === id) return { session, index, window };
  }
  return undefined;
}

export function newSession(machine: Machine, name: string, ours: boolean): SimSession | undefined {
  if (byName(machine, name) !== undefined) return undefined;
  const id = `$${machine.ids.session++}`;
  const session: SimSession = { id, name, mark: undefined, project: undefined, ours, windows: new Map() };
  machine.sessions.set(id, session);
  machine.onStructure();
  return session;
}

export function byName(machine: Machine, name: string): SimSession | undefined {
  return [...machine.sessions.values()].find((session) => session.name === name);
}

interface Fresh {
  readonly name: string;
  readonly index: number;
  readonly launch?: Launch;
  readonly program?: Program;
}

export function newWindow(
  machine: Machine,
  session: SimSession,
  { name, index, ...what }: Fresh,
): SimWindow | undefined {
  if (session.windows.has(index)) return undefined;
  const window: SimWindow = { id: `@${machine.ids.window++}`, name, mark: undefined, project: undefined, panes: [] };
  session.windows.set(index, window);
  newPane(machine, window, what);
  machine.onStructure();
  return window;
}

export function newPane(
  machine: Machine,
  window: SimWindow,
  what: { readonly launch?: Launch; readonly program?: Program },
): SimPane {
  const pane: SimPane = {
    id: `%${machine.ids.pane++}`,
    pid: 0,
    dead: false,
    exitCode: undefined,
    signal: undefined,
    mark: undefined,
    project: undefined,
    ours: what.launch !== undefined,
  };
  window.panes.push(pane);
  fill(machine, pane, what);
  return pane;
}

/** A session with a pane that has no process. */
export function newPlaceholder(machine: Machine, session: SimSession, uid: string, project: string): void {
  const id = `%${machine.ids.pane++}`;
  const pane: SimPane = {
    id,
    pid: 0,
    dead: true,
    exitCode: undefined,
    signal: undefined,
    mark: `${id} ${uid} ${project}`,
    project,
    ours: true,
  };
  const name = '_placeholder';
  const window: SimWindow = {
    id: `@${machine.ids.window++}`,
    name,
    mark: undefined,
    project: undefined,
    panes: [pane],
  };
  session.windows.set(0, window);
}

/** Gives the pane a process. */
export function fill(
  machine: Machine,
  pane: SimPane,
  { launch, program = 'stay' }: { readonly launch?: Launch; readonly program?: Program },
): void {
  const process = spawn(machine, { program: launch?.program ?? program, ...(launch !== undefined && { launch }) });
  Object.assign(pane, {
    pid: process.pid,
    dead: false,
    exitCode: undefined,
    signal: undefined,
    ours: launch !== undefined,
  });
}

export function markPane(pane: SimPane, { uid, project, agent, hash, run }: Launch): void {
  pane.project = project;
  pane.mark = `${pane.id} ${uid} ${project} ${agent} ${hash} ${run}`;
}

export function markWindow(
  window: SimWindow,
  { uid, project, agent }: { readonly uid: string; readonly project: string; readonly agent: string },
): void {
  window.project = project;
  window.mark = `${window.id} ${uid} ${agent}`;
}

export function killPane(machine: Machine, { window, pane }: Place): void {
  window.panes = window.panes.filter((other) => other !== pane);
  hangUp(machine, pane.pid);
  const process = machine.processes.get(pane.pid);
  if (process?.zombie === true) machine.processes.delete(pane.pid);
  if (window.panes.length === 0) loseWindow(machine, window);
  if (pane.project !== undefined) machine.onDeath(pane.project);
}

export function killWindow(machine: Machine, window: SimWindow): void {
  for (const pane of window.panes) {
    const place = findPane(machine, pane.id);
    if (place !== undefined) killPane(machine, place);
  }
}

/** A window that is linked into another session goes on there. */
export function killSession(machine: Machine, session: SimSession): void {
  for (const [index, window] of session.windows) {
    if (linksOf(machine, window).length > 1) unlink(machine, session, index);
    else killWindow(machine, window);
  }
  machine.sessions.delete(session.id);
  machine.onStructure();
}

/** Where the window is; it may be linked into several sessions. */
export function linksOf(machine: Machine, window: SimWindow): { session: SimSession; index: number }[] {
  return [...machine.sessions.values()].flatMap((session) =>
    [...session.windows].flatMap(([index, candidate]) => (candidate === window ? [{ session, index }] : [])),
  );
}

function loseWindow(machine: Machine, window: SimWindow): void {
  for (const { session, index } of linksOf(machine, window)) unlink(machine, session, index);
}

/** A session ends with its last window. */
function unlink(machine: Machine, session: SimSession, index: number): void {
  session.windows.delete(index);
  if (session.windows.size === 0) machine.sessions.delete(session.id);
  machine.onStructure();
}

export function moveWindow(machine: Machine, from: Place, to: SimSession, index: number): Refusal {
  const refusal = linkWindow(machine, from, to, index);
  if (refusal === undefined) unlink(machine, from.session, from.index);
  return refusal;
}

export function linkWindow(machine: Machine, { window }: Place, to: SimSession, index: number): Refusal {
  if (to.windows.has(index)) return `index in use: ${index}`;
  to.windows.set(index, window);
  machine.onStructure();
  return undefined;
}

export function swapWindows(first: Place, second: Place): void {
  first.session.windows.set(first.index, second.window);
  second.session.windows.set(second.index, first.window);
}

/** The pane's options go with it; the window's do not. */
export function breakPane(
  machine: Machine,
  from: Place,
  to: SimSession,
  at: { readonly index: number; readonly name: string },
): Refusal {
  if (to.windows.has(at.index)) return `index in use: ${at.index}`;
  const window: SimWindow = {
    id: `@${machine.ids.window++}`,
    name: at.name,
    mark: undefined,
    project: undefined,
    panes: [from.pane],
  };
  to.windows.set(at.index, window);
  from.window.panes = from.window.panes.filter((pane) => pane !== from.pane);
  if (from.window.panes.length === 0) loseWindow(machine, from.window);
  machine.onStructure();
  return undefined;
}

export function joinPane(machine: Machine, from: Place, to: SimWindow): void {
  if (from.window === to) return;
  from.window.panes = from.window.panes.filter((pane) => pane !== from.pane);
  to.panes.push(from.pane);
  if (from.window.panes.length === 0) loseWindow(machine, from.window);
}

export function freeIndex(session: SimSession): number {
  return 1 + Math.max(-1, ...session.windows.keys());
}
