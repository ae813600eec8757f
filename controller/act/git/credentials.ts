import type { DesiredCredentials } from '../../api/workspace.ts';
import { asVariables, reach, webHost } from './reach.ts';

/** With what one git reaches one remote. */
export interface GitAccess {
  readonly env: Readonly<Record<string, string>>;
  /** Takes the password out of what git says. */
  redact(text: string): string;
}

/** @throws MuxletError MUX_SECRET_UNREADABLE */
export type PasswordOf = (source: NonNullable<DesiredCredentials['passwordFrom']>) => Promise<string>;

/** What the spec says of secrets as git takes it; without it, git goes as its user's does. */
export async function gitAccess(
  url: string,
  credentials: DesiredCredentials | undefined,
  passwordOf: PasswordOf,
): Promise<GitAccess> {
  if (credentials === undefined) return { env: {}, redact: (text) => text };
  const { passwordFrom, ...means } = credentials;
  const password =
    passwordFrom === undefined || webHost(url) === undefined ? undefined : await passwordOf(passwordFrom);
  const { settings, variables } = reach({ url, password, ...means });
  return {
    env: { ...asVariables(settings), ...variables },
    redact: (text) => (password === undefined || password.length < 4 ? text : text.replaceAll(password, '[redacted]')),
  };
}
