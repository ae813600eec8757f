// A box: where real coding agents run without reaching anything of this machine but its programs. It has its own
// network (loopback alone), processes, /tmp and home (both empty, in memory), and only the environment it is given.
//
// The whole run of test/agents is one process tree inside one box: vitest, the model API, muxlet, tmux, git and the
// agents share its loopback and its /tmp, so that a test needs no more care than any other. What needs the network or
// writes to the checkout (npm, tsc) happens before, outside. The checkout, the cache of programs and the file of results
// are the only places that are the same on both sides.
//
// Its first process is init.sh. Killing that, or whoever started it, by any signal kills all that is inside: agents'
// daemons and tmux servers survive everything else. Needs Linux with util-linux, and root or user namespaces.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const INIT = fileURLToPath(new URL('init.sh', import.meta.url));

/** The home directory inside. */
export const HOME = '/tmp/home';

/** @returns {string | undefined} why no box can be made here, in one line */
export function boxComplaint() {
  const { status, error, stderr } = spawnSync('setpriv', [...namespaces(), 'true'], { encoding: 'utf8' });
  if (status === 0) return undefined;
  const reason = error?.message ?? stderr.trim();
  return `needs Linux namespaces of its own for network, mounts and processes: root, or user namespaces (${reason})`;
}

/**
 * Runs a command in a box of its own, with this process's stdin, stdout and stderr.
 * @param {readonly string[]} command
 * @param {{ env: Record<string, string>, keep?: readonly string[] }} options `env` is all that the command gets beside
 *   HOME; directories in `keep` exist inside even if they lie under /tmp
 * @returns {Promise<number>} the exit code, 137 if it was killed
 */
export function runInBox(command, { env, keep = [] }) {
  const stage = mkdtempSync(`${tmpdir()}/muxlet-box-`);
  const kept = keep.map((path) => realpathSync(path)).filter((path) => path.startsWith('/tmp/'));
  const args = [...namespaces(), 'sh', INIT, stage, ...kept, '--', ...command];
  const child = spawn('setpriv', args, { env: { ...env, HOME }, stdio: 'inherit' });
  const kill = () => void child.kill('SIGKILL');
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  for (const signal of signals) process.on(signal, kill);
  return new Promise((resolve, reject) => {
    const end = () => {
      for (const signal of signals) process.off(signal, kill);
      rmSync(stage, { recursive: true, force: true });
    };
    child.once('error', (error) => {
      end();
      reject(error);
    });
    child.once('exit', (code) => {
      end();
      resolve(code ?? 137);
    });
  });
}

/** Arguments of setpriv, which covers the one end that nobody can catch: a SIGKILL of the process that started the box. */
function namespaces() {
  const user = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const own = ['--mount', '--net', '--pid', '--fork', '--mount-proc', '--kill-child'];
  return ['--pdeathsig', 'KILL', '--', 'unshare', ...user, ...own, '--'];
}
