import { readFile, stat } from 'node:fs/promises';
import { asVariables, reach, type Setting, SSH, webHost } from '../git/reach.ts';

/** Where secrets are, with absolute paths. */
export interface Credentials {
  readonly username?: string;
  readonly password?: SecretPlace;
  readonly identityFile?: string;
  readonly knownHostsFile?: string;
}

export type SecretPlace = { readonly file: string } | { readonly env: string };

type Env = Readonly<Record<string, string | undefined>>;

/** What git, ssh and curl need of the user's surroundings; nothing that would tell git of another repository. */
const HANDED_ON = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'TMPDIR',
  'SSH_AUTH_SOCK',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GIT_SSL_CAINFO',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'all_proxy',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
];

/** What a user or a machine has configured is not to change what a spec says; a question would wait for ever. */
const SETTINGS: readonly Setting[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.askPass', ''],
  ['credential.helper', ''],
  ['protocol.ext.allow', 'never'],
  ['transfer.credentialsInUrl', 'die'],
  ['fetch.recurseSubmodules', 'no'],
  ['fetch.writeCommitGraph', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['advice.detachedHead', 'false'],
  // Signatures count only with the ssh keys that are allowed; no keyring of the user's speaks for anybody.
  ['gpg.minTrustLevel', 'fully'],
  ['gpg.program', 'false'],
  ['gpg.x509.program', 'false'],
];

/** The environment of a git that asks nobody and believes no configuration but ours. */
function gitEnvironment(env: Env, settings: readonly Setting[] = []): Record<string, string> {
  const handedOn = HANDED_ON.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  return {
    ...Object.fromEntries(handedOn),
    ...asVariables([...SETTINGS, ...settings]),
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:file',
    GIT_SSH_COMMAND: SSH,
    GIT_SSH_VARIANT: 'ssh',
  };
}

/** The same, with what a repository asks for. Rejects with an error that names the place of what cannot be read. */
export async function authorised(
  env: Env,
  { url, credentials }: { readonly url: string; readonly credentials: Credentials | undefined },
): Promise<Record<string, string>> {
  if (credentials === undefined) return gitEnvironment(env);
  const { username, password: place, identityFile, knownHostsFile } = credentials;
  const password = place === undefined || webHost(url) === undefined ? undefined : await readSecret(place, env);
  for (const file of [identityFile, knownHostsFile]) if (file !== undefined) await mustBeFile(file);
  const { settings, variables } = reach({ url, username, password, identityFile, knownHostsFile });
  return { ...gitEnvironment(env, settings), ...variables };
}

const MAX_BYTES = 64 * 1024;

/** Rejects with an error for a person, without the secret. */
export async function readSecret(place: SecretPlace, env: Env): Promise<string> {
  const value = 'env' in place ? env[place.env] : await contentOf(place.file);
  const what = 'env' in place ? `the variable ${place.env} of the controller's environment` : `the file ${place.file}`;
  if (value === undefined || value === '') throw new Error(`${what} is not set or empty`);
  // More lines would say more to git than a password.
  if (/[\r\n\0]/.test(value)) throw new Error(`${what} holds more than one line`);
  return value;
}

async function contentOf(path: string): Promise<string> {
  await mustBeFile(path);
  return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
}

async function mustBeFile(path: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`the file ${path} cannot be read (${error.code ?? 'unknown error'})`);
  });
  if (!found.isFile()) throw new Error(`${path} is no regular file`);
  if (found.size > MAX_BYTES) throw new Error(`the file ${path} is longer than ${MAX_BYTES / 1024} KiB`);
}
