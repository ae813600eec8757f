import type { Action } from '../api/action.ts';
import { markWindow, unmarkSession, unmarkWindow } from '../tmux/marks.ts';
import { quote, sequence } from '../tmux/quote.ts';
import {
  guardLonePane,
  guardPane,
  guardSession,
  guardSharedPane,
  guardSpareWindow,
  guardWholeSession,
  guardWindow,
  placeOf,
} from './guard.ts';

type Arrange = Extract<
  Action,
  {
    readonly type:
      | 'RenameSession'
      | 'RenameWindow'
      | 'MarkWindow'
      | 'MoveWindow'
      | 'LinkWindow'
      | 'SwapWindows'
      | 'BreakPane'
      | 'KillPane'
      | 'KillWindow'
      | 'RemovePlaceholder'
      | 'KillSession'
      | 'ReleaseSession';
  }
>;

/** The command line of an action that rearranges or removes what is there already. */
export function arrangeLine(action: Arrange): string {
  const { owner } = action;
  switch (action.type) {
    case 'RenameSession':
      return guardSession(action.session, owner, [['rename-session', '-t', quote(action.session.id), action.name]]);
    case 'RenameWindow':
      return guardPane(action.pane, owner, [['rename-window', '-t', quote(action.pane.id), action.name]]);
    case 'MarkWindow':
      return guardPane(action.pane, owner, markWindow(quote(action.pane.id), { ...owner, agent: action.agent }));
    case 'MoveWindow':
      return guardSpareWindow(action.pane, owner, [['move-window', ...placeWords(action)]]);
    case 'LinkWindow':
      return guardPane(action.pane, owner, [['link-window', ...placeWords(action)]]);
    case 'SwapWindows': {
      const swap = ['swap-window', '-d', '-s', quote(placeOf(action.first)), '-t', quote(placeOf(action.second))];
      return guardPane(action.first, owner, [[guardPane(action.second, owner, [swap])]]);
    }
    case 'BreakPane': {
      const to = quote(`${action.session.id}:${action.index}`);
      return guardSharedPane(action.pane, owner, [
        ['break-pane', '-d', '-s', quote(action.pane.id), '-n', action.agent, '-t', to],
        ...markWindow(quote(action.pane.id), { ...owner, agent: action.agent }),
      ]);
    }
    case 'KillPane':
      // A person's panes remain in the window: it is theirs from now on.
      return guardPane(action.pane, owner, [
        ...unmarkWindow(quote(action.pane.id)),
        ['kill-pane', '-t', quote(action.pane.id)],
      ]);
    case 'KillWindow':
      return guardLonePane(action.pane, owner, [['kill-window', '-t', quote(action.pane.id)]]);
    case 'RemovePlaceholder':
      return guardSpareWindow(action.pane, owner, [['kill-pane', '-t', quote(action.pane.id)]]);
    case 'KillSession':
      // Alone on its line: together with a change of windows it can crash a server with a control client (up to 3.7c).
      return guardWholeSession(action.session, owner, [['kill-session', '-t', quote(action.session.id)]]);
    case 'ReleaseSession':
      return [
        ...action.windows.map((window) => guardWindow(window, owner, unmarkWindow(quote(window.id)))),
        guardSession(action.session, owner, [
          ...unmarkSession(quote(action.session.id)),
          // Last: where somebody took that name, the session is released all the same.
          ...(action.name === undefined
            ? []
            : [['rename-session', '-t', quote(action.session.id), quote(action.name)]]),
        ]),
      ].join(' ; ');
  }
}

function placeWords({
  pane,
  session,
  index,
}: Extract<Action, { readonly type: 'MoveWindow' | 'LinkWindow' }>): string[] {
  return ['-d', '-s', quote(placeOf(pane)), '-t', quote(`${session.id}:${index}`)];
}

/** Types the class's closing keys, unless the process has ended or a person looks at its history just now. */
export function finishKeysLine({ owner, pane, finish }: Extract<Action, { readonly type: 'Finish' }>): string {
  const typed = (finish.keys ?? []).map((key) => ['send-keys', '-t', quote(pane.id), '--', quote(key)]);
  const idle = `#{||:#{pane_dead},#{pane_in_mode}}`;
  const line = `if-shell -F -t ${quote(pane.id)} ${quote(idle)} '' ${quote(sequence(typed))}`;
  return guardPane(pane, owner, [[line]]);
}
