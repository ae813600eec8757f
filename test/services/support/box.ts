import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Finished, MAIN, until } from '../../e2e/support/world.ts';

const BOOT = fileURLToPath(new URL('boot.sh', import.meta.url));
/** systemd's user manager looks for it there, and boot.sh makes it on a /run of its own. */
const RUNTIME_DIR = '/run/user/0';

/**
 * A machine with systemd's user manager and journal, without systemd being process 1: both run in namespaces of their own,
 * and end with the test. It needs root.
 */
export interface Box {
  readonly root: string;
  readonly socket: string;
  readonly state: string;
  /** Runs a program in it; its environment is the box's own. */
  run(...argv: string[]): Promise<Finished>;
  /** The same; rejects if it fails, gives standard output, trimmed. */
  must(...argv: string[]): Promise<string>;
  muxlet(...args: string[]): Promise<Finished>;
  /** Adds to the unit's settings, as `systemctl edit` does. */
  dropIn(text: string): Promise<void>;
  /** A property of a unit. */
  show(unit: string, property: string): Promise<string>;
  /** What the journal has of our service, oldest first. */
  journal(): Promise<readonly Readonly<Record<string, string>>[]>;
}

export async function withBox(use: (box: Box) => Promise<void>): Promise<void> {
  const name = `muxlet-test-${randomBytes(4).toString('hex')}`;
  // Names that only work where every word is quoted as it must be.
  const root = mkdtempSync(join(tmpdir(), 'mx-box-'));
  const state = join(root, 'st ate %h $HOME');
  const socket = `b${randomBytes(3).toString('hex')}`;
  for (const folder of ['home', 'specs', 'tmux']) mkdirSync(join(root, folder), { mode: 0o700 });
  const env = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: join(root, 'home'),
    LANG: 'C.UTF-8',
    USER: 'root',
    TMUX_TMPDIR: join(root, 'tmux'),
    XDG_RUNTIME_DIR: RUNTIME_DIR,
  };
  const machine = spawn('sh', [BOOT, name, root], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  try {
    const init = await until('the box is up', () => firstChild(machine), 20_000);
    const places = ['--specs', join(root, 'specs'), '--state', state, '--tmux-socket', socket];
    const run = (...argv: string[]): Promise<Finished> =>
      runIn(['nsenter', '-t', String(init), '-m', '-p', '--wd=/', ...argv], env);
    const must = async (...argv: string[]): Promise<string> => {
      const { code, stdout, stderr } = await run(...argv);
      if (code !== 0) throw new Error(`${argv.join(' ')}: ${code} ${stderr}${stdout}`);
      return stdout.trim();
    };
    await until('its manager is up', () => must('systemctl', '--user', 'is-system-running'), 20_000);
    await use({
      root,
      socket,
      state,
      run,
      must,
      muxlet: (...args) => run(process.execPath, MAIN, ...places, ...args),
      async dropIn(text) {
        const folder = join(root, `home/.config/systemd/user/muxlet-${socket}.service.d`);
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, 'test.conf'), `[Service]\n${text}\n`);
        await must('systemctl', '--user', 'daemon-reload');
      },
      show: (unit, property) => must('systemctl', '--user', 'show', unit, `--property=${property}`, '--value'),
      async journal() {
        const text = await must('journalctl', '--no-pager', '-o', 'json', '-t', 'muxlet');
        return text
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as Record<string, string>);
      },
    });
  } finally {
    const init = firstChild(machine);
    if (init !== undefined) process.kill(init, 'SIGKILL');
    machine.kill('SIGKILL');
    await removeGroups(name);
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

function firstChild({ pid }: ChildProcess): number | undefined {
  try {
    // Before it is in namespaces, its children are those that make ready for them.
    if (readFileSync(`/proc/${pid}/comm`, 'utf8') !== 'unshare\n') return undefined;
    const child = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
    return child > 0 ? child : undefined;
  } catch {
    return undefined;
  }
}

async function removeGroups(name: string): Promise<void> {
  const roots = ['/sys/fs/cgroup', ...readdirSync('/sys/fs/cgroup').map((group) => `/sys/fs/cgroup/${group}`)];
  for (const group of roots.map((folder) => `${folder}/${name}`)) {
    // The last process of a group takes a moment to be gone.
    await until(`${group} is gone`, () => removeTree(group), 10_000);
  }
}

function removeTree(group: string): true {
  for (const entry of list(group)) removeTree(`${group}/${entry}`);
  try {
    rmdirSync(group);
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  return true;
}

function list(group: string): string[] {
  try {
    return readdirSync(group, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  } catch {
    return [];
  }
}

function runIn([file = '', ...args]: readonly string[], env: Record<string, string>): Promise<Finished> {
  return new Promise((resolve) => {
    execFile(file, args, { env, timeout: 60_000, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 127;
      resolve({ code, stdout, stderr });
    });
  });
}
