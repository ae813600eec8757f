/**
 * Where a tmux server is started so that nothing that becomes of the controller's service takes it along. systemd ends
 * what is in a service's control group when the service stops, and, unless told otherwise, when the kernel ends one
 * process in it for want of memory (systemd.service(5), KillMode=, OOMPolicy=); a scope of its own (systemd-run(1)) is
 * outside of the first, and takes a policy of its own for the second.
 *
 * @param env the controller's environment: systemd sets INVOCATION_ID for its services, and MANAGERPID where it is a
 *   user's manager (systemd.exec(5)).
 * @param unit what the scope is called, without its ending
 * @returns words to put before the command, those to be tried first at the beginning; none where we are no service
 */
export function scopeWords(
  env: Readonly<Record<string, string | undefined>>,
  uid: number,
  unit: string,
): readonly (readonly string[])[] {
  if (!env['INVOCATION_ID']) return [];
  const isUsers = uid !== 0 || Boolean(env['MANAGERPID']);
  const words = (properties: readonly string[]): readonly string[] => [
    'systemd-run',
    ...(isUsers ? ['--user'] : []),
    '--scope',
    '--quiet',
    '--collect',
    `--unit=${unit}`,
    '--description=The tmux server of muxlet, and every agent in it',
    ...properties.map((property) => `--property=${property}`),
    '--',
  ];
  // A property that a systemd does not know keeps it from making any scope: those before 253 know no OOMPolicy of
  // scopes, and need none.
  return [words([...ALWAYS_KNOWN, 'OOMPolicy=continue']), words(ALWAYS_KNOWN)];
}

/** A thousand agents have more processes and threads than a unit may have by default. */
const ALWAYS_KNOWN = ['TasksMax=infinity'] as const;

/** A name that no scope has yet: one of a server that died may still hold what its agents left running. */
export function scopeUnit(server: string, random: string): string {
  return `muxlet-tmux-${server}-${random}`;
}
