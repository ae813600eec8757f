import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { until } from '../support/world.ts';

export interface SshServer {
  /** ssh://user@127.0.0.1:PORT */
  readonly url: string;
  /** Private keys: one that is let in, and one that is not. */
  readonly identity: string;
  readonly stranger: string;
  /** Files of known hosts: with this server's key, with another one in its place, and with none. */
  readonly known: string;
  readonly changed: string;
  readonly empty: string;
  close(): void;
}

const PACKAGES = ['openssh-server', 'libwrap0'];
const CACHE = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'muxlet', `sshd-${process.arch}`);

/**
 * A real sshd on the loopback, with keys of its own, for whoever runs the test. Where none is installed, that of Debian's
 * package is used, unpacked into the cache: to install it would start a server.
 */
export async function serveSsh(folder: string): Promise<SshServer> {
  mkdirSync(folder, { mode: 0o700 });
  const path = (name: string): string => join(folder, name);
  for (const key of ['host', 'other', 'identity', 'stranger']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', key, '-f', path(key)]);
  }
  const port = await freePort();
  const line = (key: string): string => `[127.0.0.1]:${port} ${readFileSync(path(`${key}.pub`), 'utf8')}`;
  writeFileSync(path('known'), line('host'));
  writeFileSync(path('changed'), line('other'));
  writeFileSync(path('empty'), '');
  const settings = {
    ListenAddress: '127.0.0.1',
    Port: port,
    HostKey: path('host'),
    AuthorizedKeysFile: path('identity.pub'),
    StrictModes: 'no',
    PasswordAuthentication: 'no',
    KbdInteractiveAuthentication: 'no',
    PermitRootLogin: 'yes',
    PidFile: 'none',
  };
  writeFileSync(
    path('config'),
    Object.entries(settings)
      .map(([name, value]) => `${name} ${value}\n`)
      .join(''),
  );
  const { argv, env } = command(folder);
  const server = spawn(argv[0], [...argv.slice(1), '-D', '-e', '-f', path('config')], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const close = (): void => {
    server.kill('SIGKILL');
  };
  try {
    await until('sshd listens', () => {
      if (server.exitCode !== null) throw new Error(`sshd ended: ${log}`);
      return log.includes('listening');
    });
  } catch (error) {
    close();
    throw error;
  }
  const files = { identity: path('identity'), stranger: path('stranger') };
  const hosts = { known: path('known'), changed: path('changed'), empty: path('empty') };
  return { url: `ssh://${userInfo().username}@127.0.0.1:${port}`, ...files, ...hosts, close };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => {
    probe.listen(0, '127.0.0.1', resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** As root sshd wants a user to lower itself to: where there is none, it is given one in a namespace of its own. */
function command(folder: string): {
  readonly argv: readonly [string, ...string[]];
  readonly env: Record<string, string>;
} {
  const installed = '/usr/sbin/sshd';
  if (!existsSync(installed)) unpack();
  const program = existsSync(installed) ? installed : join(CACHE, 'usr/sbin/sshd');
  const unpacked = join(CACHE, 'usr/lib');
  const libraries = existsSync(unpacked) ? readdirSync(unpacked).map((name) => join(unpacked, name)) : [];
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LD_LIBRARY_PATH: libraries.join(':') };
  if (process.getuid?.() !== 0 || spawnSync('getent', ['passwd', 'sshd']).status === 0) return { argv: [program], env };
  const users = join(folder, 'passwd');
  writeFileSync(users, `${readFileSync('/etc/passwd', 'utf8')}sshd:x:74:65534::/run/sshd:/usr/sbin/nologin\n`);
  const text = 'mount --bind "$1" /etc/passwd && mount -t tmpfs none /run && mkdir /run/sshd && shift && exec "$@"';
  return { argv: ['unshare', '--mount', 'sh', '-c', text, 'sh', users, program], env };
}

function unpack(): void {
  if (existsSync(CACHE)) return;
  mkdirSync(join(CACHE, '..'), { recursive: true });
  // Under another name until it is whole.
  const next = mkdtempSync(`${CACHE}.next-`);
  try {
    execFileSync('apt-get', ['-qq', 'download', ...PACKAGES], { cwd: next, stdio: 'ignore' });
    for (const file of readdirSync(next).filter((name) => name.endsWith('.deb'))) {
      execFileSync('dpkg-deb', ['-x', file, '.'], { cwd: next });
    }
    renameSync(next, CACHE);
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
}
