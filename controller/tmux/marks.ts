import { quote } from './quote.ts';

/**
 * The user options that say what is ours. @muxlet-uid, -project, -agent and -hash are there for people and filters.
 * A user option is inherited, pane from window from session, so a person's pane in our window seems to bear them, too;
 * what counts are the last three, each of which begins with the id of the very thing that it was put on.
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
export function markSession(target: string, { uid, project }: Pick<PaneOwner, 'uid' | 'project'>): Command[] {
  const set = (name: string, value: string): Command => ['set-option', '-t', target, name, quote(value)];
  return [
    set(MARKS.uid, uid),
    set(MARKS.project, project),
    ['set-option', '-F', '-t', target, MARKS.session, quote(`#{session_id} ${uid} ${project}`)],
  ];
}

/** A window of ours keeps its name and its dead panes also on a server whose defaults are not ours. */
const WINDOW_OPTIONS = { 'remain-on-exit': 'on', 'automatic-rename': 'off', 'allow-rename': 'off' } as const;

export function markWindow(target: string, owner: Pick<PaneOwner, 'uid' | 'project' | 'agent'>): Command[] {
  const set = (name: string, value: string): Command => ['set-option', '-w', '-t', target, name, quote(value)];
  return [
    set(MARKS.uid, owner.uid),
    set(MARKS.project, owner.project),
    set(MARKS.agent, owner.agent),
    ['set-option', '-w', '-F', '-t', target, MARKS.window, quote(`#{window_id} ${owner.uid} ${owner.agent}`)],
    ...Object.entries(WINDOW_OPTIONS).map(([name, value]) => set(name, value)),
  ];
}

export function markPane(target: string, owner: PaneOwner): Command[] {
  const set = (name: string, value: string): Command => ['set-option', '-p', '-t', target, name, quote(value)];
  const self = `#{pane_id} ${owner.uid} ${owner.project} ${owner.agent} ${owner.hash} ${owner.run}`;
  return [
    set(MARKS.uid, owner.uid),
    set(MARKS.project, owner.project),
    set(MARKS.agent, owner.agent),
    set(MARKS.hash, owner.hash),
    ['set-option', '-p', '-F', '-t', target, MARKS.pane, quote(self)],
  ];
}

export function unmarkSession(target: string): Command[] {
  return [MARKS.uid, MARKS.project, MARKS.session].map((name) => ['set-option', '-u', '-t', target, name]);
}

export function unmarkWindow(target: string): Command[] {
  const options = [MARKS.uid, MARKS.project, MARKS.agent, MARKS.window, ...Object.keys(WINDOW_OPTIONS)];
  return options.map((name) => ['set-option', '-w', '-u', '-t', target, name]);
}
