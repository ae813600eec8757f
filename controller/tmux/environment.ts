type Env = Readonly<Record<string, string | undefined>>;

/**
 * What nearly every program needs, and none of it a secret: who and where one is, the language, the terminal, the
 * desktop and its agents' sockets, certificates. All else stays with the controller: the server's environment is every
 * agent's, and anyone's who may read /proc. A class names what its programs need beyond (AgentClass, spec.inherit).
 */
const NEEDED_BY_ALL = new RegExp(
  `^(?:${[
    'PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_.*|TZ|TZDIR|TMPDIR|TMUX_TMPDIR|XDG_.*',
    'TERM|TERMINFO|TERMINFO_DIRS|COLORTERM|NO_COLOR',
    'SSH_AUTH_SOCK|SSH_AGENT_PID|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|DBUS_SESSION_BUS_ADDRESS',
    'SSL_CERT_FILE|SSL_CERT_DIR|CURL_CA_BUNDLE|REQUESTS_CA_BUNDLE|GIT_SSL_CAINFO|NODE_EXTRA_CA_CERTS|NIX_SSL_CERT_FILE',
    'LOCALE_ARCHIVE|NIX_PATH|NIX_PROFILES|WSL_DISTRO_NAME|WSL_INTEROP|WSLENV|LD_LIBRARY_PATH|__CF_USER_TEXT_ENCODING',
  ].join('|')})$`,
);

/** The controller's own business, which no class can hand on. */
const NEVER = /^(npm_|MUXLET_|TMUX$|TMUX_PANE$|INIT_CWD$|NODE_CHANNEL|INVOCATION_ID$|JOURNAL_STREAM$|NOTIFY_SOCKET$)/;

/** The environment in which tmux programs run, and with the server every agent: what all programs need. */
export function tmuxEnvironment(env: Env): Record<string, string> {
  return { TERM: 'screen-256color', ...pick(env, isNeededByAll) };
}

export function isNeededByAll(name: string): boolean {
  return NEEDED_BY_ALL.test(name);
}

/** The variables that a class hands on to its agents, by name or by the beginning of a name: ANTHROPIC_*. */
export function inheritedEnvironment(env: Env, patterns: readonly string[]): Record<string, string> {
  return pick(env, (name) => !NEVER.test(name) && patterns.some((pattern) => fits(name, pattern)));
}

function fits(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function pick(env: Env, wanted: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && wanted(entry[0])),
  );
}

/** Marks a control client of ours, so that a later controller finds one that its predecessor left behind. */
export const CLIENT_MARK = 'MUXLET_CONTROL_CLIENT';
