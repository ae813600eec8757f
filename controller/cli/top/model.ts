import type { Order } from './arrange.ts';
import type { View } from './facts.ts';

/** Whom a key was about when it was pressed. It stays that one, whatever moves on the screen meanwhile. */
export interface Target {
  readonly project: string;
  /** Absent where the project as a whole is meant. */
  readonly agent?: string;
  /** The agent's folder in state/agents/. */
  readonly uid?: string;
}

/** What is done to a project as a whole, and so to all of its agents: only after a yes. */
export type ProjectVerb = 'Suspend' | 'Resume' | 'Reset';

export type Mode =
  | { readonly type: 'Table' }
  | { readonly type: 'Help' }
  | { readonly type: 'Filter'; readonly before: string }
  | { readonly type: 'Message'; readonly target: Target; readonly text: string }
  | { readonly type: 'Confirm'; readonly verb: ProjectVerb; readonly target: Target }
  /** `up`: lines between the last one that is shown and the end; 0 follows. */
  | { readonly type: 'Logs'; readonly target: Target; readonly up: number };

/** Only what belongs to this project or queue is shown. */
export interface Scope {
  readonly project?: string;
  readonly queue?: string;
}

export interface Model {
  readonly view: View;
  readonly order: Readonly<Record<View, Order>>;
  readonly filter: string;
  readonly scope: Scope;
  /** Name of the selected row. */
  readonly selected: string | undefined;
  /** Where it stood, for when it has gone. */
  readonly index: number;
  readonly mode: Mode;
  readonly notice: Notice | undefined;
}

export interface Notice {
  readonly type: 'Doing' | 'Done' | 'Failed';
  readonly text: string;
}

/** What a key asks of the world. */
export type Effect =
  | { readonly type: 'Quit' }
  /** Ctrl-Z. */
  | { readonly type: 'Stop' }
  | { readonly type: 'Redraw' }
  | { readonly type: 'Attach'; readonly target: Target }
  | { readonly type: 'OpenLogs'; readonly target: Target }
  | { readonly type: 'CloseLogs' }
  | { readonly type: 'Send'; readonly target: Target; readonly text: string }
  | { readonly type: ProjectVerb; readonly project: string };

export function firstModel(view: View, scope: Scope): Model {
  return {
    view,
    order: {
      Agents: { column: 'CPU%', descending: true },
      Projects: { column: 'NAME', descending: false },
      Queues: { column: 'NAME', descending: false },
    },
    filter: '',
    scope,
    selected: undefined,
    index: 0,
    mode: { type: 'Table' },
    notice: undefined,
  };
}

export function targetName({ project, agent }: Target): string {
  return agent === undefined ? project : `${project}.${agent}`;
}
