import { render } from 'ink';
import { createElement } from 'react';
import { linuxProcessTable } from '../../observe/linux-process-table.ts';
import { createPsProcessTable } from '../../observe/ps-process-table.ts';
import type { CliDeps, Places } from '../ports.ts';
import { pause } from '../watch.ts';
import { App } from './app.ts';
import type { Facts, View } from './facts.ts';
import { followLog } from './follow-log.ts';
import { createGatherer, type Wanted } from './gather.ts';
import { createLiveView, type LiveView } from './live-view.ts';
import { type Effect, firstModel, type Notice } from './model.ts';
import { printOnce } from './print-once.ts';
import { createVerbs } from './run-verb.ts';
import { openTerminal, type Terminal } from './terminal.ts';

export interface TopRequest extends Wanted {
  readonly view: View;
  readonly intervalMs: number;
  readonly once: boolean;
  readonly colours: boolean;
}

/** Shows the view until it is quit, or prints it once. */
export async function runTop(deps: CliDeps, places: Places, request: TopRequest): Promise<void> {
  const table = process.platform === 'linux' ? linuxProcessTable : createPsProcessTable(deps.now);
  const gatherer = createGatherer(deps, places, table, request);
  const first = await gatherer.gather();
  if (request.once) {
    // What a processor is used for shows between two looks only.
    await pause(request.intervalMs, deps.interrupt);
    return printOnce(await gatherer.gather(), request.view, deps);
  }
  const ended = new AbortController();
  const signal = AbortSignal.any([deps.interrupt, ended.signal]);
  const terminal = openTerminal(process, {
    resized: () => view.resized(),
    blanked: () => view.blanked(),
    places: () => view.places(),
    drawn: () => view.drawn(),
    pasted: (text) => view.pressed([{ type: 'Paste', text }]),
    ended(code) {
      deps.setExitCode(code);
      ended.abort();
    },
  });
  const view: LiveView = createLiveView({
    facts: first,
    model: firstModel(request.view, {}),
    size: terminal.size,
    now: deps.now,
    perform: (effect) => perform(effect),
  });
  const perform = createPerformer({ deps, places, view, terminal, signal, quit: () => ended.abort() });
  terminal.enter();
  // Each frame is handed over by itself; what differs from the one before is the screen's to find.
  const app = render(createElement(App, { source: view, colours: request.colours }), {
    stdout: terminal.stdout,
    stdin: terminal.stdin,
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  const crash = app.waitUntilExit();
  try {
    await Promise.race([crash, keepKnowing(gatherer.gather, { view, signal, intervalMs: request.intervalMs })]);
  } finally {
    terminal.close();
    app.unmount();
  }
}

interface Rhythm {
  readonly view: LiveView;
  readonly signal: AbortSignal;
  readonly intervalMs: number;
}

/** Looks again and again, never twice at the same time, and leaves at least as long a rest as a look took. */
async function keepKnowing(gather: () => Promise<Facts>, { view, signal, intervalMs }: Rhythm): Promise<void> {
  let took = 0;
  while (!signal.aborted) {
    await pause(Math.max(intervalMs - took, took), signal);
    if (signal.aborted) return;
    const began = performance.now();
    view.know(await gather());
    took = performance.now() - began;
  }
}

interface Stage {
  readonly deps: CliDeps;
  readonly places: Places;
  readonly view: LiveView;
  readonly terminal: Terminal;
  /** Fires at the end: nothing may go on behind it. */
  readonly signal: AbortSignal;
  quit(): void;
}

/** Does what keys ask for, beside everything else; what became of it is told at the bottom of the screen. */
function createPerformer({ deps, places, view, terminal, signal, quit }: Stage): (effect: Effect) => void {
  const verbs = createVerbs(deps, places);
  let log: AbortController | undefined;
  let isLent = false;

  function tellOf(outcome: Promise<Notice | undefined>): void {
    outcome.then(view.tell, (error: unknown) =>
      view.tell({ type: 'Failed', text: error instanceof Error ? error.message : String(error) }),
    );
  }

  return (effect) => {
    switch (effect.type) {
      case 'Quit':
        return quit();
      case 'Stop':
        return terminal.stop();
      case 'Redraw':
        return terminal.redraw();
      case 'Attach': {
        if (isLent) return;
        isLent = true;
        const attached = terminal
          .lend(() => verbs.attach(effect.target))
          .finally(() => {
            isLent = false;
          });
        return tellOf(attached);
      }
      case 'OpenLogs':
        log?.abort();
        log = new AbortController();
        return tellOf(
          followLog(
            { logs: deps.logs, places },
            effect.target,
            AbortSignal.any([log.signal, signal]),
            view.showLog,
          ).then(() => undefined),
        );
      case 'CloseLogs':
        log?.abort();
        log = undefined;
        return view.showLog(undefined);
      case 'Send':
        return tellOf(verbs.send(effect.target, effect.text));
      case 'Suspend':
        return tellOf(verbs.suspend(effect.project));
      case 'Resume':
        return tellOf(verbs.resume(effect.project));
      case 'Reset':
        return tellOf(verbs.reset(effect.project));
    }
  };
}
