/** How processes begin and end, and what tmux makes of their ends. */
import { type Launch, type Machine, type Mood, type Program, placeOf, places, type SimProcess } from './machine.ts';

/** Ids are few, so that they are used again soon. */
export const PIDS = { first: 100, count: 60 };

/** The id that was given last. */
export function lastPid({ pids }: Machine): number {
  return pids.next === PIDS.first ? PIDS.first + PIDS.count - 1 : pids.next - 1;
}

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
  if (launch !== undefined && parent === undefined) {
    const name = `${launch.project}/${launch.agent}`;
    machine.begun.set(name, (machine.begun.get(name) ?? 0) + 1);
  }
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

/** The server's end: terminals go, and with them whoever does not mind. */
export function loseServer(machine: Machine): void {
  const panes = places(machine).map(({ pane }) => pane);
  machine.up = false;
  machine.sessions.clear();
  for (const pane of panes) hangUp(machine, pane.pid);
  for (const process of machine.processes.values()) if (process.zombie) machine.processes.delete(process.pid);
}

/** The machine is started anew: nothing that ran does any more. */
export function reboot(machine: Machine): void {
  machine.boot += 1;
  machine.up = false;
  machine.sessions.clear();
  machine.processes.clear();
  machine.deafUntil = machine.unknownUntil = 0;
}
