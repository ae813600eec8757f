import type { DesiredAgent, Finish } from './desired.ts';
import type { FinishRequest } from './finish-request.ts';
import type { ProcessRef } from './observed.ts';
import type { WorkTreesRequest } from './work-trees-request.ts';

/**
 * Everything that muxlet can do to the world. An action is plain data, holds no secret value, and is idempotent or
 * fails harmlessly when the world has changed since the look; whether it worked is what the next look says.
 */
export type Action =
  /** Makes the session with a window per agent, marks included, in one tmux command line; fails if the name is taken. */
  | {
      readonly type: 'CreateSession';
      readonly owner: Owner;
      readonly server: string;
      readonly agents: readonly DesiredAgent[];
    }
  /**
   * Makes the session again around agents that all run elsewhere, so that there is a place to bring them back to: with a
   * placeholder for a window, marks included, in one tmux command line; fails if the name is taken.
   */
  | { readonly type: 'RestoreSession'; readonly owner: Owner; readonly server: string }
  /** Adds an agent's window to our session. */
  | {
      readonly type: 'CreateWindow';
      readonly owner: Owner;
      readonly agent: DesiredAgent;
      readonly session: SessionRef;
      readonly index: number;
    }
  /** Adds an agent's pane to its window, in which a person's pane is left. */
  | {
      readonly type: 'SplitWindow';
      readonly owner: Owner;
      readonly agent: DesiredAgent;
      readonly window: WindowRef;
    }
  /** Starts the agent again in its own dead pane; fails if the pane lives. */
  | { readonly type: 'RespawnPane'; readonly owner: Owner; readonly agent: DesiredAgent; readonly pane: PaneRef }
  | {
      readonly type: 'RenameSession';
      readonly owner: Owner;
      readonly session: SessionRef;
      readonly name: string;
    }
  /** Renames the window in which our pane is. */
  | { readonly type: 'RenameWindow'; readonly owner: Owner; readonly pane: PaneRef; readonly name: string }
  /** Writes the marks of the window in which our pane is, after a person broke it out into a window of its own. */
  | { readonly type: 'MarkWindow'; readonly owner: Owner; readonly agent: string; readonly pane: PaneRef }
  /**
   * Brings the window of our pane back into our session: out of the one where it stands, or, if it is the only window
   * there, so that it stands in both. A session ends with its last window, and a person's is not ours to end.
   */
  | {
      readonly type: 'MoveWindow' | 'LinkWindow';
      readonly owner: Owner;
      readonly pane: PlacedPaneRef;
      readonly session: SessionRef;
      readonly index: number;
    }
  /** Has the windows of two of our panes change places. */
  | {
      readonly type: 'SwapWindows';
      readonly owner: Owner;
      readonly first: PlacedPaneRef;
      readonly second: PlacedPaneRef;
    }
  /** Brings our pane out of a window that others share into one of its own in our session. */
  | {
      readonly type: 'BreakPane';
      readonly owner: Owner;
      readonly agent: string;
      readonly pane: PaneRef;
      readonly session: SessionRef;
      readonly index: number;
    }
  /** The class's own way to end. */
  | {
      readonly type: 'Finish';
      readonly owner: Owner;
      readonly agent: string;
      readonly finish: Finish;
      readonly pane: PaneRef;
      readonly process: ProcessRef;
    }
  /** Gives the answer that a project decided on beforehand to a question that stands on the screen. */
  | {
      readonly type: 'Answer';
      readonly owner: Owner;
      readonly agent: string;
      /** Its name, and that of the answer. */
      readonly dialog: string;
      readonly answer: string;
      readonly keys: readonly string[];
      /** Found on the screen while the dialog is open: nothing is typed unless it is there. */
      readonly pattern: string;
      readonly pane: PaneRef;
      readonly process: ProcessRef;
    }
  /** Sends a signal to each process that still is the one that was seen. */
  | {
      readonly type: 'Signal';
      readonly agent: string;
      readonly signal: 'TERM' | 'KILL';
      readonly processes: readonly ProcessRef[];
    }
  /** Has tmux look again at children whose end it missed (SIGCHLD to the server; changes nothing else). */
  | { readonly type: 'WakeServer'; readonly server: string }
  /** Removes our pane from a window that other panes share; the window is released. */
  | { readonly type: 'KillPane'; readonly owner: Owner; readonly pane: PaneRef }
  /** Removes the window in which our pane is alone. */
  | { readonly type: 'KillWindow'; readonly owner: Owner; readonly pane: PaneRef }
  /** Takes away what held the session open, once it has another window. */
  | { readonly type: 'RemovePlaceholder'; readonly owner: Owner; readonly pane: PlacedPaneRef }
  | { readonly type: 'KillSession'; readonly owner: Owner; readonly session: SessionRef }
  /** Has work trees made, and released, beside everything else: how far that is, a later look says. */
  | { readonly type: 'ArrangeWorkTrees'; readonly owner: Owner; readonly request: WorkTreesRequest }
  /** Puts together, verifies and gives on what seems finished, beside everything else: how it goes, a later look says. */
  | { readonly type: 'FinishWork'; readonly owner: Owner; readonly request: FinishRequest }
  /** Takes our marks off a session in which a person's windows remain, and off those windows that once were ours. */
  | {
      readonly type: 'ReleaseSession';
      readonly owner: Owner;
      readonly session: SessionRef;
      /** What it is called from then on, where it bears the name that the project's next session needs. */
      readonly name?: string;
      readonly windows: readonly WindowRef[];
    };

export type ActionType = Action['type'];

/**
 * Whose mark the thing bears. The hands act on nothing that bears another: tmux numbers its panes from 0 again when it
 * is started anew, so an id alone may have come to mean somebody else's pane since the look.
 */
export interface Owner {
  readonly project: string;
  readonly uid: string;
}
export interface SessionRef {
  readonly server: string;
  readonly id: string;
}
export interface WindowRef {
  readonly server: string;
  readonly id: string;
}
export interface PaneRef {
  readonly server: string;
  readonly id: string;
  /** The pane's process, for actions that must not hit a later one. */
  readonly pid: number;
}
/** Our pane, and where its window stands: it may be linked into other sessions as well, and have another index in each. */
export interface PlacedPaneRef extends PaneRef {
  readonly sessionId: string;
  readonly windowId: string;
}

/** An action in words, for a dry run and the journal. */
export function describeAction(action: Action): string {
  switch (action.type) {
    case 'CreateSession':
      return `create session ${action.owner.project} (${action.agents.map((agent) => agent.name).join(', ')})`;
    case 'RestoreSession':
      return `make session ${action.owner.project} again`;
    case 'CreateWindow':
      return `create window ${action.agent.name} in ${action.session.id}`;
    case 'SplitWindow':
      return `create pane for ${action.agent.name} in window ${action.window.id}`;
    case 'RespawnPane':
      return `start ${action.agent.name} again in pane ${action.pane.id}`;
    case 'RenameSession':
      return `rename session ${action.session.id} to ${action.name}`;
    case 'RenameWindow':
      return `rename the window of pane ${action.pane.id} to ${action.name}`;
    case 'MarkWindow':
      return `mark the window of pane ${action.pane.id} as ${action.agent}'s`;
    case 'MoveWindow':
      return `move the window of pane ${action.pane.id} to session ${action.session.id}`;
    case 'LinkWindow':
      return `link the window of pane ${action.pane.id} into session ${action.session.id}`;
    case 'SwapWindows':
      return `swap the windows of panes ${action.first.id} and ${action.second.id}`;
    case 'BreakPane':
      return `move pane ${action.pane.id} of ${action.agent} to a window of its own`;
    case 'Finish':
      return `ask ${action.agent} to finish`;
    case 'Answer':
      return `answer ${action.agent}'s ${action.dialog} with ${action.answer}`;
    case 'Signal':
      return `send ${action.signal} to ${action.agent}: ${action.processes.map(({ pid }) => pid).join(', ')}`;
    case 'WakeServer':
      return `wake tmux server ${action.server}`;
    case 'KillPane':
      return `remove pane ${action.pane.id}`;
    case 'KillWindow':
      return `remove the window of pane ${action.pane.id}`;
    case 'RemovePlaceholder':
      return `remove placeholder ${action.pane.id}`;
    case 'KillSession':
      return `remove session ${action.session.id}`;
    case 'ArrangeWorkTrees':
      return arranging(action.request);
    case 'FinishWork':
      return `integrate and verify the work (attempt ${action.request.attempt}, round ${action.request.round})`;
    case 'ReleaseSession':
      return releasing(action);
  }
}

function releasing({ session, name }: Extract<Action, { readonly type: 'ReleaseSession' }>): string {
  if (name === undefined) return `release session ${session.id}`;
  return `release session ${session.id}: a person's windows are in it; it is called ${name} from now on`;
}

function arranging({ trees, release }: WorkTreesRequest): string {
  if (release !== undefined) return 'release the work trees';
  return trees.length === 0
    ? 'look after the work trees'
    : `see to work trees ${trees.map(({ name }) => name).join(', ')}`;
}
