import { type PaneMark, type PaneOutput, SAVED_ROWS } from '../api/observed.ts';
import type { TmuxChannel } from '../tmux/reply.ts';
import { capturePaneOutput, lastLines } from './pane-output.ts';

/** One pane with one run in it. */
export interface EndedPane {
  readonly server: string;
  readonly id: string;
  readonly mark: PaneMark;
}

/** What panes show whose process has ended, asked for in time: together with the list that shows them as dead. */
export interface LastOutputs {
  /** Asks for each of these panes of the project; what was asked for it before counts no more. */
  ask(project: string, server: TmuxChannel, panes: readonly EndedPane[]): void;
  forget(project: string): void;
  /** Of the run that is in the pane, if it was asked for. */
  linesOf(pane: EndedPane): Promise<readonly string[]> | undefined;
  /** All that was in the pane when its run had ended, if tmux has said it by now. */
  of(project: string, pane: { readonly server: string; readonly id: string }): PaneOutput | undefined;
}

interface Asked {
  readonly run: string;
  readonly lines: Promise<readonly string[]>;
  output: PaneOutput | undefined;
}

export function createLastOutputs(): LastOutputs {
  /** By project, then by pane. */
  const asked = new Map<string, ReadonlyMap<string, Asked>>();

  function askFor(server: TmuxChannel, { id, mark: { run } }: EndedPane): Asked {
    const answer = capturePaneOutput(server, { id }, SAVED_ROWS);
    const one: Asked = {
      run,
      output: undefined,
      lines: answer.then(async (output) => {
        if (output === undefined || output.mark.run !== run) return [];
        // Of one that is not dead tmux may not have read all yet.
        if (output.dead) one.output = output;
        return lastLines(server, { id }, output);
      }),
    };
    return one;
  }

  return {
    ask(project, server, panes) {
      asked.set(project, new Map(panes.map((pane) => [placeOf(pane), askFor(server, pane)])));
    },
    forget(project) {
      asked.delete(project);
    },
    linesOf(pane) {
      const known = asked.get(pane.mark.project)?.get(placeOf(pane));
      return known?.run === pane.mark.run ? known.lines : undefined;
    },
    of: (project, pane) => asked.get(project)?.get(placeOf(pane))?.output,
  };
}

function placeOf({ server, id }: { readonly server: string; readonly id: string }): string {
  return `${server} ${id}`;
}
