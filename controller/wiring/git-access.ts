import { type GitAccess, gitAccess } from '../act/git/credentials.ts';
import type { DesiredEnv } from '../api/desired.ts';
import type { DesiredCredentials } from '../api/workspace.ts';
import type { Secrets } from '../observe/secrets.ts';

/**
 * Turns references to secrets into what git takes them from, for one url.
 *
 * @returns throws MuxletError MUX_SECRET_UNREADABLE
 */
export function createGitAccess(
  secrets: Pick<Secrets, 'resolve'>,
): (url: string, credentials: DesiredCredentials | undefined) => Promise<GitAccess> {
  async function passwordOf(source: { readonly file: string } | { readonly env: string }): Promise<string> {
    const name = 'credentials';
    const variable: DesiredEnv = 'file' in source ? { name, fromFile: source.file } : { name, fromEnv: source.env };
    return (await secrets.resolve([variable]))[name] ?? '';
  }

  return (url, credentials) => gitAccess(url, credentials, passwordOf);
}
