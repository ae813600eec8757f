/** What one git is told in order to reach one repository, and nobody else: settings of that run, and its variables. */
export interface Reach {
  readonly settings: readonly Setting[];
  readonly variables: Readonly<Record<string, string>>;
}

export type Setting = readonly [key: string, value: string];

export interface Means {
  /** Of the repository. */
  readonly url: string;
  readonly username?: string | undefined;
  /** For http and https. */
  readonly password?: string | undefined;
  /** Absolute paths, for ssh. */
  readonly identityFile?: string | undefined;
  readonly knownHostsFile?: string | undefined;
}

// Constant: git hands these to a shell, and what they need comes to them in variables.
const HELPER = '!f() { printf "username=%s\\npassword=%s\\n" "$MUXLET_GIT_USERNAME" "$MUXLET_GIT_PASSWORD"; }; f';
export const SSH = 'ssh -oBatchMode=yes -oConnectTimeout=30';
const SSH_IDENTITY = ' -oIdentitiesOnly=yes -oIdentityAgent=none -i "$MUXLET_GIT_IDENTITY"';
const SSH_HOSTS = ' -oStrictHostKeyChecking=yes -oUserKnownHostsFile="\\"$MUXLET_GIT_KNOWN_HOSTS\\""';

/** Where a password is asked for and given; undefined for what knows none. */
export function webHost(url: string): string | undefined {
  const [, scheme, host] = /^(https?:\/\/)(?:[^/?#]*@)?([^/?#]+)/i.exec(url) ?? [];
  return scheme === undefined || host === undefined ? undefined : `${scheme}${host}`;
}

/**
 * Turns secrets into what git takes them from: neither arguments nor settings that it would write down. The password is
 * for the host of the url alone: git asks for it under the host that it has come to, so that a redirection to another
 * host is followed without it. No keeper of passwords that anybody has set for that host is asked, or told.
 */
export function reach({ url, username = 'git', password, identityFile, knownHostsFile }: Means): Reach {
  const settings: Setting[] = [];
  const variables: Record<string, string> = {};
  const host = webHost(url);
  if (password !== undefined && host !== undefined) {
    variables['MUXLET_GIT_USERNAME'] = username;
    variables['MUXLET_GIT_PASSWORD'] = password;
    settings.push(['credential.helper', ''], ['core.askPass', '']);
    // The most specific name counts, and of equals the last (gitcredentials(7)): none is more specific than the url.
    const whole = url.replace(/[?#].*/, '').replace(/^(https?:\/\/[^/:@]*):[^/@]*@/i, '$1@');
    for (const name of new Set([host, whole])) {
      settings.push([`credential.${name}.helper`, ''], [`credential.${name}.helper`, HELPER]);
    }
  }
  let ssh = SSH;
  if (identityFile !== undefined) {
    variables['MUXLET_GIT_IDENTITY'] = identityFile;
    ssh += SSH_IDENTITY;
  }
  if (knownHostsFile !== undefined) {
    variables['MUXLET_GIT_KNOWN_HOSTS'] = knownHostsFile;
    ssh += SSH_HOSTS;
  }
  if (ssh !== SSH) variables['GIT_SSH_COMMAND'] = ssh;
  return { settings, variables };
}

/** Settings for one git alone, as variables: no argument shows them, and a name may hold whatever an address holds. */
export function asVariables(settings: readonly Setting[]): Record<string, string> {
  if (settings.length === 0) return {};
  const entries = settings.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key] as const,
    [`GIT_CONFIG_VALUE_${index}`, value] as const,
  ]);
  return { GIT_CONFIG_COUNT: String(settings.length), ...Object.fromEntries(entries) };
}
