import { closeSync, constants, existsSync, type FSWatcher, openSync, watch } from 'node:fs';
import type { ProcessTable } from './process-table.ts';

/** Running: its end would have been told. */
export type Heard = 'Running' | 'Ended';

export interface TerminalHints {
  /** Whether the system tells of terminals that go; tried out once. */
  tell(): Promise<boolean>;
  /** The same, as far as it is known by now. */
  isTelling(): boolean;
  /** Listens for the end of a run that has the terminal of process `pid`. @returns whether it is sure to be told. */
  watch(run: string, pid: number, onEnd: () => void): boolean;
  /** What was heard of a run; undefined: nobody listened. */
  heardOf(run: string): Heard | undefined;
  forget(run: string): void;
  close(): void;
}

export interface TerminalHintsOptions {
  readonly stat: ProcessTable['stat'];
  /** Where the system shows terminals. */
  readonly folder?: string;
  /** Makes a terminal and lets go of it. */
  readonly tryOut?: () => void;
}

interface Listener {
  readonly run: string;
  readonly pid: number;
  readonly onEnd: () => void;
}

/** So long the system may take to tell of the terminal that it is tried out with, in milliseconds. */
const TRIAL_MS = 200;
/** Ended runs that are remembered; then all are forgotten. */
const MOST = 1000;

/**
 * Hears of a process's end by its terminal, which goes with it whoever else has that open: the kernel hangs it up for
 * all, and tmux, that reads its end, lets go of it. One watch serves all, and tells of every terminal on the machine. A
 * hint only, and not to be had from every system.
 */
export function createTerminalHints(options: TerminalHintsOptions): TerminalHints {
  const { stat, folder = '/dev/pts', tryOut = openTerminal } = options;
  /** By the terminal's name. */
  const runs = new Map<string, Listener>();
  const names = new Map<string, string>();
  /** Runs whose end was heard. */
  const ended = new Set<string>();
  /** Runs that had ended before they were listened to. */
  const late = new Set<string>();
  let watcher: FSWatcher | undefined;
  let trial: Promise<boolean> | undefined;
  /** Undefined until it is tried out. */
  let tells: boolean | undefined;
  let hear: () => void = () => undefined;

  function forget(run: string): void {
    const name = names.get(run);
    names.delete(run);
    if (name !== undefined && runs.get(name)?.run === run) runs.delete(name);
  }

  /** What is printed on it is told of as well, and that it is made. */
  function changed(name: string | null, isOther: boolean): void {
    hear();
    const known = runs.get(name ?? '');
    if (name === null || known === undefined) return;
    if (existsSync(`${folder}/${name}`) && !(isOther && hasLost(known, name))) return;
    tellEnd(known);
  }

  /** The lowest free name is the next one's: where many come and go, there may be another of that name already. */
  function hasLost({ pid }: Listener, name: string): boolean {
    const found = stat(pid);
    return found === 'Gone' || (found !== 'Unknown' && (found.zombie || found.terminal !== name));
  }

  function tellEnd({ run, onEnd }: Listener): void {
    forget(run);
    if (ended.size >= MOST) ended.clear();
    ended.add(run);
    onEnd();
  }

  /** Whatever comes of it: who looks again and again would be told again and again. */
  function tellOnce(run: string, onEnd: () => void): boolean {
    if (late.has(run)) return true;
    if (late.size >= MOST) late.clear();
    late.add(run);
    onEnd();
    return true;
  }

  function giveUp(): void {
    tells = false;
    watcher?.close();
    runs.clear();
    names.clear();
  }

  function begin(): Promise<boolean> {
    return new Promise((resolve) => {
      const verdict = (told: boolean): void => {
        clearTimeout(timer);
        if (tells === undefined) tells = told;
        if (!tells) giveUp();
        resolve(tells);
      };
      const timer = setTimeout(verdict, TRIAL_MS, false);
      timer.unref();
      hear = () => {
        hear = () => undefined;
        verdict(true);
      };
      try {
        watcher = watch(folder, { persistent: false }, (event, name) => {
          changed(name, event === 'rename');
        });
        watcher.on('error', giveUp);
        tryOut();
      } catch {
        verdict(false);
      }
    });
  }

  function tell(): Promise<boolean> {
    trial ??= begin();
    return trial.then(() => tells === true);
  }

  return {
    tell,
    isTelling: () => tells === true,
    watch(run, pid, onEnd) {
      trial ??= begin();
      if (tells === false) return false;
      if (!names.has(run)) {
        const found = stat(pid);
        if (found === 'Unknown') return false;
        // It ended since it was looked at, and what would tell of that is gone already.
        if (found === 'Gone' || found.zombie) return tellOnce(run, onEnd);
        const { terminal } = found;
        if (terminal === undefined) return false;
        const before = runs.get(terminal);
        if (before !== undefined) names.delete(before.run);
        // It lives on after its hint.
        ended.delete(run);
        names.set(run, terminal);
        runs.set(terminal, { run, pid, onEnd });
        if (before !== undefined && hasLost(before, terminal)) tellEnd(before);
      }
      return tells === true;
    },
    heardOf(run) {
      if (ended.has(run)) return 'Ended';
      return tells === true && names.has(run) ? 'Running' : undefined;
    },
    forget,
    close: giveUp,
  };
}

function openTerminal(): void {
  closeSync(openSync('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY));
}
