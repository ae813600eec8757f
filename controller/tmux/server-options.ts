import { quote } from './quote.ts';

/** The session that keeps the server and our connection alive. Its name is no RFC 1123 label: no project can bear it. */
export const ANCHOR = '_muxlet';

/** Window size of a session nobody is attached to, in columns and rows. */
export const WINDOW_SIZE = { columns: 200, rows: 50 } as const;

// Without remain-on-exit, a server with a control client attached can crash, and take every agent along, when a
// session's processes all end at once (NULL curw in control_notify_session_window_changed; up to 3.7c). The message
// log would keep the command lines, and with them the values of environment variables. A program that renames its
// window would be contradicted for ever.
const SAFETY: readonly (readonly string[])[] = [
  ['set-option', '-s', 'exit-empty', 'off'],
  ['set-option', '-s', 'message-limit', '0'],
  ['set-option', '-wg', 'remain-on-exit', 'on'],
  ['set-option', '-wg', 'allow-rename', 'off'],
];

// On a server that we started: no variable of whichever client happens to connect gets into a session's environment,
// and programs do not rename windows.
const OWN: readonly (readonly string[])[] = [
  ['set-option', '-g', 'update-environment', ''],
  ['set-option', '-g', 'set-titles', 'off'],
  ['set-option', '-wg', 'automatic-rename', 'off'],
];

/** Options set on every server that we connect to, ours or adopted. */
export const safetyOptions = SAFETY;

/** Commands, as argument lists, that start a server and its anchor: a pane without a process, which nothing can kill. */
export function startCommands(): readonly (readonly string[])[] {
  return [['start-server'], ...SAFETY, ...OWN, ...anchorCommands()];
}

export function anchorCommands(): readonly (readonly string[])[] {
  const { columns, rows } = WINDOW_SIZE;
  return [
    // Of several words no shell is started.
    ['new-session', '-d', '-s', ANCHOR, '-n', 'anchor', '-x', `${columns}`, '-y', `${rows}`, '--', 'sleep', '60'],
    ['split-window', '-d', '-t', `=${ANCHOR}:`, ''],
    ['kill-pane', '-t', `=${ANCHOR}:.0`],
  ];
}

/** Asks what a connection must know of its server: pid, version, first window index. */
export const FACTS_LINE = `display-message -p ${quote('#{pid} #{version} #{base-index}')}`;
