import { quote } from './quote.ts';

/**
 * The user options that say what is ours. @muxlet-uid, -project, -agent and -hash are there for people and filters.
 * A user option is inherited, pane from window from session, so a person's pane in our window seems to bear them, too;
 * what counts are the last three, each of which begins with the id of the very thing that it was put on.
 *
 * Every set-option makes tmux go through all sessions and windows of the server (options_push_changes; 0.4 ms at 900
 * windows, more than half of a session's creation), so nothing is set that inheritance gives.
 */
export const MARKS = {
  uid: '@muxlet-uid',
  project: '@muxlet-project',
  agent: '@muxlet-agent',
  hash: '@muxlet-hash',
  session: '@muxlet-session',
  window: '@muxlet-window',
  pane: '@muxlet-pane',
  /** Lines of a pane's history that are earlier runs'. */
  history: '@muxlet-history',
} as const;

export interface PaneOwner {
  readonly uid: string;
  readonly project: string;
  readonly agent: string;
  readonly hash: string;
  readonly run: string;
}

type Command = readonly string[];

/** Commands (words quoted already, like `target`) that mark a session. */
export function markSession(
  target: string,
  { uid, project }: Pick<PaneOwner, 'uid' | 'project'>,
  /** Which controller's it is: see docs/decisions/0015-orphans.md. */
  home: string | undefined,
): Command[] {
  const set = (name: string, value: string): Command => ['set-option', '-t', target, name, quote(value)];
  return [
    set(MARKS.uid, uid),
    set(MARKS.project, project),
    [
      'set-option',
      '-F',
      '-t',
      target,
      MARKS.session,
      quote(['#{session_id}', uid, project, home ?? []].flat().join(' ')),
    ],
  ];
}

/** Marks a window. Of the other marks it has its session's. */
export function markWindow(target: string, owner: Pick<PaneOwner, 'uid' | 'project' | 'agent'>): Command[] {
  return [['set-option', '-w', '-F', '-t', target, MARKS.window, quote(`#{window_id} ${owner.uid} ${owner.agent}`)]];
}

/** Marks a pane; of the other marks it has its session's. */
export function markPane(target: string, owner: PaneOwner): Command[] {
  const set = (name: string, value: string): Command => ['set-option', '-p', '-t', target, name, quote(value)];
  const self = `#{pane_id} ${owner.uid} ${owner.project} ${owner.agent} ${owner.hash} ${owner.run}`;
  return [
    ['set-option', '-p', '-F', '-t', target, MARKS.pane, quote(self)],
    set(MARKS.agent, owner.agent),
    set(MARKS.hash, owner.hash),
  ];
}

/** Marks a pane that is nobody's and has no process: it holds the session open while there is no agent's window in it. */
export function markPlaceholder(target: string, { uid, project }: Pick<PaneOwner, 'uid' | 'project'>): Command[] {
  return [['set-option', '-p', '-F', '-t', target, MARKS.pane, quote(`#{pane_id} ${uid} ${project}`)]];
}

export function unmarkSession(target: string): Command[] {
  return [MARKS.uid, MARKS.project, MARKS.session].map((name) => ['set-option', '-u', '-t', target, name]);
}

export function unmarkWindow(target: string): Command[] {
  return [['set-option', '-w', '-u', '-t', target, MARKS.window]];
}
