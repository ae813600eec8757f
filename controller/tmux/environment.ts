/** Variables that must not reach the server, and through it every agent. */
const NOT_FOR_AGENTS =
  /^(npm_|MUXLET_|TMUX$|TMUX_PANE$|INIT_CWD$|NODE_OPTIONS$|NODE_CHANNEL|VITEST|INVOCATION_ID$|JOURNAL_STREAM$|NOTIFY_SOCKET$)/;

/** The environment in which tmux programs run: the controller's, less what is the controller's own business. */
export function tmuxEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !NOT_FOR_AGENTS.test(entry[0]),
  );
  return { TERM: 'screen-256color', ...Object.fromEntries(kept) };
}

/** Marks a control client of ours, so that a later controller finds one that its predecessor left behind. */
export const CLIENT_MARK = 'MUXLET_CONTROL_CLIENT';
