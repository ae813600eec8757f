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
    ['new-session', '-d', '-s', ANCHOR, '-n', 'anchor', '-x', `${columns}`, '-y', `${rows}`, 'exec sleep 60'],
    ['split-window', '-d', '-t', `=${ANCHOR}:`, ''],
    ['kill-pane', '-t', `=${ANCHOR}:.0`],
  ];
}

/** Asks what a connection must know of its server: pid, version, first window index. */
export const FACTS_LINE = `display-message -p ${quote('#{pid} #{version} #{base-index}')}`;

/** The place of our hook among those that a person may have set for the same event. */
const OUR_HOOK = 9779;

/**
 * Has the server tell a control client at once that a pane died: no notification does. What a hook can have written to
 * a client is that a pane's output was paused (%pause; since 3.2), and a dead pane has none; continued, it can be
 * paused again. A hint only: up to 3.5a, tmux misses most ends of processes whose terminal closed first. Without the
 * client, the hook does nothing.
 */
export function deathHook(clientPid: number): string {
  const client = `client-${clientPid}`;
  const isThere = quote(`#{m/r:${client}($|[^0-9]),#{session_attached_list}}`);
  const tell = `refresh-client -t ${client} -A '#{hook_pane}:pause' -A '#{hook_pane}:continue'`;
  // Only run-shell puts the pane's id into a command; -C: a command of tmux's, not a shell's.
  const told = quote(`run-shell -C ${quote(tell)}`);
  const hook = `if-shell -F -t ${quote(`=${ANCHOR}:`)} ${isThere} ${told}`;
  return `set-hook -g pane-died[${OUR_HOOK}] ${quote(hook)}`;
}

/** The notification that a death leads to; it names the pane. */
export const DEATH_NOTICE = 'pause';
