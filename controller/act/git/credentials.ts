import { join } from 'node:path';
import type { DesiredCredentials } from '../../api/workspace.ts';
import { writeOwnFile } from '../agent/own-file.ts';

/** With what one git reaches a remote. */
export interface GitAccess {
  /** Go before git's verb. */
  readonly settings: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Takes the password out of what git says. */
  redact(text: string): string;
}

const NO_CREDENTIALS: GitAccess = { settings: [], env: {}, redact: (text) => text };

export interface AccessOptions {
  /** A folder of ours, absolute. */
  readonly bin: string;
  /** @throws MuxletError MUX_SECRET_UNREADABLE */
  readonly passwordOf: (source: NonNullable<DesiredCredentials['passwordFrom']>) => Promise<string>;
}

/** Answers git's questions out of the environment of that git alone. */
const ASKED = `#!/bin/sh
case "$1" in
  Username*) printf '%s\\n' "$MUXLET_GIT_USERNAME" ;;
  *) printf '%s\\n' "$MUXLET_GIT_PASSWORD" ;;
esac
`;

/**
 * Turns references to secrets into what git takes them from: neither arguments nor settings that it would write down. A
 * keeper of passwords that the user has is not asked, and not told.
 */
export async function gitAccess(
  credentials: DesiredCredentials | undefined,
  { bin, passwordOf }: AccessOptions,
): Promise<GitAccess> {
  if (credentials === undefined) return NO_CREDENTIALS;
  const { username, passwordFrom, identityFile, knownHostsFile } = credentials;
  const ssh = [
    ...(identityFile === undefined ? [] : ['-o', 'IdentitiesOnly=yes', '-i', identityFile]),
    ...(knownHostsFile === undefined ? [] : ['-o', `UserKnownHostsFile=${knownHostsFile}`]),
  ];
  const overSsh =
    ssh.length === 0 ? {} : { GIT_SSH_COMMAND: ['ssh', '-o', 'BatchMode=yes', ...ssh].map(word).join(' ') };
  if (passwordFrom === undefined) return { ...NO_CREDENTIALS, env: overSsh };
  const password = await passwordOf(passwordFrom);
  const script = join(bin, 'git-askpass');
  writeOwnFile(script, ASKED, true);
  return {
    settings: ['-c', 'credential.helper='],
    env: { ...overSsh, GIT_ASKPASS: script, MUXLET_GIT_USERNAME: username, MUXLET_GIT_PASSWORD: password },
    redact: (text) => (password.length < 4 ? text : text.replaceAll(password, '[redacted]')),
  };
}

/** Git hands GIT_SSH_COMMAND to a shell. */
function word(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
