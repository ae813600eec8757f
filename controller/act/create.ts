import type { Owner, PaneRef, SessionRef, WindowRef } from '../api/action.ts';
import { MARKS, markPane, markPlaceholder, markSession } from '../tmux/marks.ts';
import { quote, sequence } from '../tmux/quote.ts';
import { WINDOW_SIZE } from '../tmux/server-options.ts';
import type { TmuxFeatures } from '../tmux/version.ts';
import { guardPane, guardSession, guardWindow } from './guard.ts';
import { givenTo, type Launch, launchWords, markCommands, placeholderWords } from './launch.ts';

/*
 * Every function here gives one command line. tmux runs a line without looking at anything else in between, so nobody
 * ever sees a session, window or pane of ours without its marks; if a command fails, the rest of the line is dropped.
 */

/** The window's name; no agent can bear it. */
const PLACEHOLDER = '_placeholder';

export interface SessionPlan {
  readonly name: string;
  readonly launches: readonly [Launch, ...Launch[]];
  /** The server's base-index: where the first window stands. */
  readonly baseIndex: number;
  readonly features: TmuxFeatures;
  /** Which controller's it is. */
  readonly home?: string;
}

export function createSession({ name, launches, baseIndex, features, home }: SessionPlan): string {
  const [first, ...others] = launches;
  const session = `=${name}`;
  const start = `=${name}:`;
  const size = ['-x', `${WINDOW_SIZE.columns}`, '-y', `${WINDOW_SIZE.rows}`];
  const words = features.sessionEnvironment ? launchWords(first) : placeholderWords(first);
  return sequence([
    ['new-session', '-d', '-s', name, '-n', first.agent.name, ...size, ...words],
    ...markSession(start, first.owner, home),
    ...(features.sessionEnvironment ? forgetEnvironment(session, first) : [respawnFirst(start, first)]),
    ...markCommands(start, first),
    ...others.flatMap((launch, index) => newWindow(`=${name}:${baseIndex + index + 1}`, launch)),
  ]);
}

/**
 * A session with a placeholder, which has no process and so nothing that could be left behind. What is started with the
 * session goes at once: tmux makes an empty pane by splitting alone.
 */
export function restoreSession({ uid, project }: Owner, home: string | undefined): string {
  const start = `=${project}:`;
  const size = ['-x', `${WINDOW_SIZE.columns}`, '-y', `${WINDOW_SIZE.rows}`];
  return sequence([
    ['new-session', '-d', '-s', project, '-n', PLACEHOLDER, ...size, '--', 'sleep', '60'],
    ...markSession(start, { uid, project }, home),
    ['split-window', '-t', start, quote('')],
    ...markPlaceholder(start, { uid, project }),
    ['kill-pane', '-a', '-t', start],
  ]);
}

/** What new-session -e gave the first agent would else be every other window's as well, and be shown to anyone. */
function forgetEnvironment(session: string, launch: Launch): string[][] {
  return Object.keys(givenTo(launch)).map((name) => ['set-environment', '-t', session, '-u', name]);
}

function respawnFirst(target: string, launch: Launch): string[] {
  return ['respawn-pane', '-k', '-t', target, ...launchWords(launch)];
}

function newWindow(target: string, launch: Launch): (readonly string[])[] {
  const at = quote(target);
  return [['new-window', '-d', '-t', at, '-n', launch.agent.name, ...launchWords(launch)], ...markCommands(at, launch)];
}

export function createWindow(session: SessionRef, index: number, launch: Launch): string {
  return guardSession(session, launch.owner, newWindow(`${session.id}:${index}`, launch));
}

/** The new pane becomes the window's active one: only so can the same line mark it. */
export function splitWindow(window: WindowRef, launch: Launch): string {
  const at = quote(window.id);
  return guardWindow(window, launch.owner, [
    ['split-window', '-t', at, ...launchWords(launch)],
    ...markCommands(at, launch),
  ]);
}

/**
 * Without -k, tmux refuses to respawn a pane that lives: a wrong look cannot end anything. It empties the screen, but
 * not what had scrolled out of it; with that gone as well, all that stands in a pane was printed by its present run.
 */
export function respawnPane(pane: PaneRef, launch: Launch): string {
  const at = quote(pane.id);
  const { owner, agent, run } = launch;
  return guardPane(pane, owner, [
    ['respawn-pane', '-t', at, ...launchWords(launch)],
    ['clear-history', '-t', at],
    ...markPane(at, { ...owner, agent: agent.name, hash: agent.launchHash, run }),
    ['set-option', '-p', '-F', '-t', at, MARKS.history, quote('#{history_size}')],
  ]);
}
