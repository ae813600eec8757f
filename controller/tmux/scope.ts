/**
 * Where a tmux server is started so that a service manager's clean-up does not take it along. systemd ends everything
 * in a service's control group when the service stops; a scope of its own is outside of it (systemd-run(1), --scope).
 *
 * @param env the controller's environment: systemd sets INVOCATION_ID for its services.
 * @returns the words to put before the command; none where we are no service.
 */
export function scopeWords(env: Readonly<Record<string, string | undefined>>, uid: number): readonly string[] {
  if (!env['INVOCATION_ID']) return [];
  return ['systemd-run', ...(uid === 0 ? [] : ['--user']), '--scope', '--quiet', '--collect', '--'];
}
