import type { Owner, PaneRef, SessionRef, WindowRef } from '../api/action.ts';
import { MARKS } from '../tmux/marks.ts';
import { quote, sequence } from '../tmux/quote.ts';

/** What a guarded line prints when the thing turned out not to be ours. */
export const NOT_OURS = 'muxlet: not ours';

type Commands = readonly (readonly string[])[];

/**
 * Runs the commands only if the pane bears our mark for this very project. tmux numbers things from 0 again when it is
 * started anew, so an id from an older look may mean somebody else's pane by now.
 */
export function guardPane(pane: PaneRef, owner: Owner, commands: Commands): string {
  return guard(pane.id, `#{m:${pane.id} ${owner.uid} *,#{${MARKS.pane}}}`, commands);
}

export function guardWindow(window: WindowRef, owner: Owner, commands: Commands): string {
  return guard(window.id, `#{m:${window.id} ${owner.uid} *,#{${MARKS.window}}}`, commands);
}

export function guardSession(session: SessionRef, owner: Owner, commands: Commands): string {
  return guard(session.id, `#{m:${session.id} ${owner.uid} *,#{${MARKS.session}}}`, commands);
}

function guard(target: string, condition: string, commands: Commands): string {
  const otherwise = quote(`display-message -p ${quote(NOT_OURS)}`);
  return `if-shell -F -t ${quote(target)} ${quote(condition)} ${quote(sequence(commands))} ${otherwise}`;
}
