/** Judges every touch of the world as it happens, by what is so and not by what the controller believes. */
import { type Machine, placeOf, type SimPane, type SimProcess } from './machine.ts';
import { isAlive } from './processes.ts';
import { type Asked, isAskedToGo } from './sim-asked.ts';
import type { SpecFiles } from './sim-specs.ts';

export interface Oracle {
  readonly violations: string[];
  /** The last things done and happened, for whoever reads a counterexample. */
  readonly log: string[];
  note(what: string): void;
  violated(what: string): void;
  signalled(process: SimProcess, name: string): void;
  removed(panes: readonly SimPane[]): void;
  renamed(ours: boolean, what: string): void;
  /** Whether a project's agents may be ended as a whole: it is suspended, had its time, or its attempt has failed. */
  mayEnd(project: string, is: boolean): void;
  /** Looks for agents that run twice. */
  watchTwins(): void;
}

/** The ending of a former run may take so long: two looks, the grace period, KILL, and waits between them. */
const TWINS_MS = 12_000;

export function createOracle(machine: Machine, files: SpecFiles, asked: Asked): Oracle {
  const { clock } = machine;
  const violations: string[] = [];
  const log: string[] = [];
  const twinsSince = new Map<string, number>();
  const ending = new Set<string>();

  function note(what: string): void {
    log.push(`${clock.elapsed().toFixed(0).padStart(7)} ${what}`);
  }

  function violated(what: string): void {
    violations.push(what);
    note(`VIOLATION ${what}`);
  }

  function isWanted({ launch, startedAt }: SimProcess): boolean {
    if (launch === undefined) return false;
    const wanted = files.since.get(`${launch.project}/${launch.agent}`);
    return wanted !== undefined && wanted.hash === launch.hash && wanted.at <= startedAt;
  }

  /** Lives in its pane, is what the spec has asked for ever since it was started, and has no twin. */
  function isGoodRun(process: SimProcess): boolean {
    const pane = placeOf(machine, process)?.pane;
    if (!process.isMain || pane === undefined || pane.dead || !isAlive(machine, process)) return false;
    if (isHelpless(process) || ending.has(process.launch?.project ?? '') || isAskedToGo(asked, process)) return false;
    return isWanted(process) && mains().filter((other) => isSameAgent(other, process)).length === 1;
  }

  /** Only a new start helps it: it is hung, or may not have noticed that its login came back. */
  function isHelpless({ mood: { hungSince, says, since } }: SimProcess): boolean {
    // Nobody can tell which of the two was first where the clock was set back in between.
    const { loggedInSince, isMixedUp } = machine.account;
    const mayBeBack = since <= loggedInSince || isMixedUp || clock.wasSetBack();
    return hungSince !== undefined || (says === 'NeedsAuth' && mayBeBack);
  }

  function mains(): SimProcess[] {
    return [...machine.processes.values()].filter(
      ({ isMain, zombie, launch }) => isMain && !zombie && launch !== undefined,
    );
  }

  return {
    violations,
    log,
    note,
    violated,
    signalled(process, name) {
      const who = `${process.pid} (${process.launch?.project ?? 'a person'}/${process.launch?.agent ?? ''})`;
      if (process.launch === undefined) violated(`${name} to a process that is not ours: ${who}`);
      const main = mains().find((other) => other.launch?.run === process.launch?.run);
      if (main !== undefined && isGoodRun(main)) violated(`${name} to an agent that is as it should be: ${who}`);
    },
    removed(panes) {
      for (const pane of panes) {
        // A dead pane stands there for our sake alone: in a session of their own it would have gone with its program.
        if (!pane.ours && !pane.dead) violated(`a person's pane was removed: ${pane.id}`);
        const process = machine.processes.get(pane.pid);
        if (process !== undefined && process.isMain && isAlive(machine, process) && !pane.dead) {
          violated(`a pane with a living process was removed: ${pane.id}`);
        }
      }
    },
    renamed(ours, what) {
      if (!ours) violated(`a person's ${what} was renamed or marked`);
    },
    mayEnd(project, is) {
      if (is) ending.add(project);
      else ending.delete(project);
    },
    watchTwins() {
      const counts = new Map<string, number>();
      for (const { launch } of mains()) {
        const name = `${launch?.project ?? ''}/${launch?.agent ?? ''}`;
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
      for (const name of twinsSince.keys()) if ((counts.get(name) ?? 0) < 2) twinsSince.delete(name);
      for (const [name, count] of counts) {
        if (count < 2) continue;
        const since = twinsSince.get(name) ?? clock.elapsed();
        twinsSince.set(name, since);
        if (clock.elapsed() - since > TWINS_MS) {
          violated(`${name} runs ${count} times for ${clock.elapsed() - since} ms`);
          twinsSince.set(name, Number.POSITIVE_INFINITY);
        }
      }
    },
  };
}

function isSameAgent(a: SimProcess, b: SimProcess): boolean {
  return a.launch?.project === b.launch?.project && a.launch?.agent === b.launch?.agent;
}
