import type { Owner, PaneRef, PlacedPaneRef, SessionRef, WindowRef } from '../api/action.ts';
import { MARKS } from '../tmux/marks.ts';
import { quote, sequence } from '../tmux/quote.ts';

/** What a guarded line prints when the thing turned out not to be ours. */
export const NOT_OURS = 'muxlet: not ours';

type Commands = readonly (readonly string[])[];

/**
 * Runs the commands only if the pane bears our mark for this very project, and its process is the one that was seen.
 * tmux numbers things from 0 again when it is started anew, so an id from an older look may mean somebody else's pane
 * by now; and a person may have put a program of their own into ours (respawn-pane).
 */
export function guardPane(pane: PaneRef, owner: Owner, commands: Commands): string {
  return guard(pane.id, isOurPane(pane, owner), commands);
}

/** The same, if our pane is the only one in its window: a person may have split it since the look. */
export function guardLonePane(pane: PaneRef, owner: Owner, commands: Commands): string {
  return guard(pane.id, `#{&&:${isOurPane(pane, owner)},#{==:#{window_panes},1}}`, commands);
}

/** The same, if it is not: what is taken out of a window would take the window along, and its session's last one that. */
export function guardSharedPane(pane: PaneRef, owner: Owner, commands: Commands): string {
  return guard(pane.id, `#{&&:${isOurPane(pane, owner)},#{!=:#{window_panes},1}}`, commands);
}

/** The same, if the session in which its window stands has another window, and would not end without this one. */
export function guardSpareWindow(pane: PlacedPaneRef, owner: Owner, commands: Commands): string {
  return guardPane(pane, owner, [[guard(placeOf(pane), '#{!=:#{session_windows},1}', commands)]]);
}

/** The window in this very session: by its pane's or its own id alone, tmux may find it in another one. */
export function placeOf({ sessionId, windowId }: PlacedPaneRef): string {
  return `${sessionId}:${windowId}`;
}

export function guardWindow(window: WindowRef, owner: Owner, commands: Commands): string {
  return guard(window.id, isOurs(window.id, owner, MARKS.window), commands);
}

export function guardSession(session: SessionRef, owner: Owner, commands: Commands): string {
  return guard(session.id, isOurs(session.id, owner, MARKS.session), commands);
}

/** The same, if every pane in the session is ours: a person may have opened a window in it since the look. */
export function guardWholeSession(session: SessionRef, owner: Owner, commands: Commands): string {
  const guests = `#{W:#{P:#{?${isOurs('#{pane_id}', owner, MARKS.pane)},,guest}}}`;
  return guard(session.id, `#{&&:${isOurs(session.id, owner, MARKS.session)},#{==:${guests},}}`, commands);
}

function isOurPane({ id, pid }: PaneRef, owner: Owner): string {
  return `#{&&:${isOurs(id, owner, MARKS.pane)},#{==:#{pane_pid},${pid}}}`;
}

function isOurs(id: string, { uid }: Owner, mark: string): string {
  return `#{m:${id} ${uid} *,#{${mark}}}`;
}

function guard(target: string, condition: string, commands: Commands): string {
  const otherwise = quote(`display-message -p ${quote(NOT_OURS)}`);
  return `if-shell -F -t ${quote(target)} ${quote(condition)} ${quote(sequence(commands))} ${otherwise}`;
}
