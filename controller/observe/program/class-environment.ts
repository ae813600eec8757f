import type { AgentClassSpec } from '../../api/generated/all.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What every program needs, whatever its class says. */
const ALWAYS =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_.*|TERM|COLORTERM|TZ|TMPDIR|TMUX_TMPDIR|XDG_.*|SSH_AUTH_SOCK|DISPLAY|WAYLAND_DISPLAY|DBUS_SESSION_BUS_ADDRESS)$/;

/**
 * The environment in which a class's own checks run: of the controller's what its agents are given as well, and the
 * class's variables, but those that stand in files or templates.
 *
 * @param env the controller's environment, less what is its own business.
 */
export function classEnvironment({ inherit, env: own = [] }: AgentClassSpec, env: Env): Record<string, string> {
  const passes = (name: string): boolean =>
    inherit === undefined || ALWAYS.test(name) || inherit.some((pattern) => fits(name, pattern));
  const kept = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && passes(name) ? [[name, value] as const] : [],
  );
  const set = own.flatMap(({ name, value, valueFrom }) => {
    const given = valueFrom?.env === undefined ? value : env[valueFrom.env];
    return given === undefined || given.includes('{{') ? [] : [[name, given] as const];
  });
  return Object.fromEntries([...kept, ...set]);
}

function fits(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
