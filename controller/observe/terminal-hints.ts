import { existsSync, type FSWatcher, watch } from 'node:fs';
import type { ProcessTable } from './process-table.ts';

export interface TerminalHints {
  /** Listens for the end of a run that has the terminal of process `pid`. */
  watch(run: string, pid: number, onEnd: () => void): void;
  forget(run: string): void;
  close(): void;
}

export interface TerminalHintsOptions {
  readonly stat: ProcessTable['stat'];
  /** Where the system shows terminals. */
  readonly folder?: string;
}

/**
 * Hears of a process's end by its terminal, which goes with it whoever else has that open: the kernel hangs it up for
 * all, and tmux, that reads its end, lets go of it. That is 2 ms later than by the FIFO, and holds where children keep
 * the FIFO open. One watch serves all, and tells of every terminal on the machine. A hint only: a system that shows no
 * terminals in a folder tells nothing.
 */
export function createTerminalHints({ stat, folder = '/dev/pts' }: TerminalHintsOptions): TerminalHints {
  /** By the terminal's name. */
  const runs = new Map<string, { readonly run: string; readonly onEnd: () => void }>();
  const names = new Map<string, string>();
  let watcher: FSWatcher | undefined;

  function forget(run: string): void {
    const name = names.get(run);
    names.delete(run);
    if (name !== undefined && runs.get(name)?.run === run) runs.delete(name);
  }

  function changed(name: string | null): void {
    const ended = runs.get(name ?? '');
    // It is told of as well when it is made.
    if (name === null || ended === undefined || existsSync(`${folder}/${name}`)) return;
    forget(ended.run);
    ended.onEnd();
  }

  function open(): FSWatcher | undefined {
    try {
      const opened = watch(folder, { persistent: false }, (_, name) => {
        changed(name);
      });
      opened.on('error', () => {
        opened.close();
      });
      return opened;
    } catch {
      return undefined;
    }
  }

  return {
    watch(run, pid, onEnd) {
      if (names.has(run)) return;
      watcher ??= open();
      if (watcher === undefined) return;
      const found = stat(pid);
      const terminal = typeof found === 'string' ? undefined : found.terminal;
      if (terminal === undefined) return;
      const before = runs.get(terminal);
      if (before !== undefined) names.delete(before.run);
      names.set(run, terminal);
      runs.set(terminal, { run, onEnd });
    },
    forget,
    close() {
      watcher?.close();
      runs.clear();
      names.clear();
    },
  };
}
