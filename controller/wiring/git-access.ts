import { join } from 'node:path';
import { type GitAccess, gitAccess } from '../act/git/credentials.ts';
import type { DesiredEnv } from '../api/desired.ts';
import type { DesiredCredentials } from '../api/workspace.ts';
import type { Secrets } from '../observe/secrets.ts';

/**
 * Turns references to secrets into what git takes them from.
 *
 * @param state the state directory, absolute
 * @returns throws MuxletError MUX_SECRET_UNREADABLE
 */
export function createGitAccess(
  state: string,
  secrets: Pick<Secrets, 'resolve'>,
): (credentials: DesiredCredentials | undefined) => Promise<GitAccess> {
  async function passwordOf(source: { readonly file: string } | { readonly env: string }): Promise<string> {
    const name = 'credentials';
    const variable: DesiredEnv = 'file' in source ? { name, fromFile: source.file } : { name, fromEnv: source.env };
    return (await secrets.resolve([variable]))[name] ?? '';
  }

  return (credentials) => gitAccess(credentials, { bin: join(state, 'bin'), passwordOf });
}
