import { runCommand } from './run-command.ts';

/** Where a service manager listens, and how long it lets us be silent. */
export interface NotifySettings {
  /** $NOTIFY_SOCKET: a path, or with @ a name of Linux's. */
  readonly socket: string;
  /** Milliseconds; undefined: nobody watches. */
  readonly watchdogMs: number | undefined;
}

/**
 * Reads what a service manager has set for us, and takes it out: what we start must not speak in our name.
 *
 * @param env changed: NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID go (sd_notify(3), sd_watchdog_enabled(3))
 * @returns undefined where nobody wants to be told
 */
export function takeNotifySettings(env: Record<string, string | undefined>, pid: number): NotifySettings | undefined {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: microseconds, WATCHDOG_PID: watched } = env;
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete env[name];
  if (!socket) return undefined;
  const watchdogMs = Number(microseconds) / 1000;
  const isOurs = !watched || watched === String(pid);
  return { socket, watchdogMs: isOurs && watchdogMs > 0 ? watchdogMs : undefined };
}

/** systemd-notify waits up to 5 s until it was heard (systemd-notify(1), --no-block). */
const TIMEOUT_MS = 7000;

/**
 * Says something to the service manager. Node.js has no datagram sockets of the file system, so systemd's own program
 * says it: for some 5 ms of processor time, a few times a minute. As it is not the service's main process, the unit needs
 * NotifyAccess=all.
 *
 * @returns what went wrong, if anything did
 */
export async function notify(
  { socket }: NotifySettings,
  assignments: readonly string[],
  path: string | undefined,
): Promise<string | undefined> {
  const env = { NOTIFY_SOCKET: socket, PATH: path ?? '/usr/bin:/bin' };
  const result = await runCommand('systemd-notify', assignments, { timeoutMs: TIMEOUT_MS, env });
  if (result.ok) return undefined;
  return result.startError === undefined ? result.stderr : `systemd-notify: ${result.startError}`;
}
