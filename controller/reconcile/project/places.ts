/** What the plan calls the things that it means, and where they are. */
import type { Owner, PaneRef, PlacedPaneRef, SessionRef, WindowRef } from '../../api/action.ts';
import type { ObservedPane, ObservedSession, ObservedTmux } from '../../api/observed.ts';

/** Where the project's session stands. */
export type SessionFact =
  | { readonly type: 'Up'; readonly session: ObservedSession }
  | { readonly type: 'Missing' }
  /** Somebody else's session bears the project's name. */
  | { readonly type: 'Conflict'; readonly session: ObservedSession };

export interface Place {
  readonly owner: Owner;
  readonly server: string;
  readonly fact: SessionFact;
  readonly tmux: ObservedTmux;
}

export function findSession(tmux: ObservedTmux, name: string, uid: string): SessionFact {
  const own = tmux.sessions.filter((session) => session.uid === uid);
  const session = own.find((candidate) => candidate.name === name) ?? own[0];
  if (session !== undefined) return { type: 'Up', session };
  const foreign = tmux.sessions.find((candidate) => candidate.name === name);
  return foreign === undefined ? { type: 'Missing' } : { type: 'Conflict', session: foreign };
}

/** Behind all windows of the session. */
export function freeIndex({ panes }: ObservedTmux, { id }: ObservedSession): number {
  return 1 + Math.max(-1, ...panes.filter((pane) => pane.sessionId === id).map((pane) => pane.windowIndex));
}

/** By the window's own mark. */
export function isWindowOf({ windowUid, windowAgent }: ObservedPane, { uid }: Owner, agent: string): boolean {
  return windowUid === uid && windowAgent === agent;
}

export function windowOf({ server, windowId }: ObservedPane): WindowRef {
  return { server, id: windowId };
}

export function paneOf({ server, id, pid }: ObservedPane): PaneRef {
  return { server, id, pid };
}

export function placedPaneOf({ server, id, pid, sessionId, windowId }: ObservedPane): PlacedPaneRef {
  return { server, id, pid, sessionId, windowId };
}

export function sessionRef({ server, id }: ObservedSession): SessionRef {
  return { server, id };
}
