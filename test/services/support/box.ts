import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Finished, MAIN, until } from '../../e2e/support/world.ts';
import { type Namespaces, startNamespaces } from './namespaces.ts';

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
/** systemd's user manager looks for it there, and box.sh makes it on a /run of its own. */
const RUNTIME_DIR = '/run/user/0';
/** An account that machine.sh makes. */
export const ACCOUNT = { name: 'agents', id: 64123 } as const;

/** A machine with systemd and its journal in namespaces of its own, which ends with the test. It needs root. */
export interface Box {
  readonly root: string;
  readonly socket: string;
  readonly state: string;
  /** The service's. */
  readonly unit: string;
  /** Runs a program in it; its environment is the box's own. */
  run(...argv: string[]): Promise<Finished>;
  /** The same; rejects if it fails, gives standard output, trimmed. */
  must(...argv: string[]): Promise<string>;
  /** The same of systemctl, spoken to the manager that the box is about. */
  systemctl(...args: string[]): Promise<string>;
  muxlet(...args: string[]): Promise<Finished>;
  /** The same, of the machine's account for agents. */
  muxletOfAccount(...args: string[]): Promise<Finished>;
  /** Adds to the unit's settings, as `systemctl edit` does. */
  dropIn(text: string): Promise<void>;
  /** A property of a unit. */
  show(unit: string, property: string): Promise<string>;
  /** What the journal has of our service, oldest first. */
  journal(): Promise<readonly Readonly<Record<string, string>>[]>;
  /** Has the machine start anew, and waits until it is up. */
  reboot(): Promise<void>;
}

interface Kind {
  readonly flag: '--user' | '--system';
  readonly script: string;
  readonly args: readonly string[];
  readonly entered: readonly string[];
  /** The program as it is called in the box. */
  readonly program: readonly string[];
  /** Where units are, below the root. */
  readonly units: string;
}

/** systemd's user manager, without systemd being process 1. */
export function withBox(use: (box: Box) => Promise<void>): Promise<void> {
  return withKind(
    {
      flag: '--user',
      script: file('box.sh'),
      args: [],
      entered: ['-m', '-p'],
      program: [process.execPath, MAIN],
      units: 'home/.config/systemd/user',
    },
    use,
  );
}

/** systemd as process 1 of a machine. */
export function withMachine(use: (box: Box) => Promise<void>): Promise<void> {
  return withKind(
    {
      flag: '--system',
      script: file('machine.sh'),
      args: [file('../../..'), realpathSync(process.execPath)],
      entered: ['-m', '-p', '-u', '-i', '-C'],
      program: ['/run/node', '/run/muxlet/dist/controller/main.js'],
      units: 'units',
    },
    use,
  );
}

async function withKind(kind: Kind, use: (box: Box) => Promise<void>): Promise<void> {
  // Names that only work where every word is quoted as it must be.
  const root = mkdtempSync(join(tmpdir(), 'mx-box-'));
  const env = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: join(root, 'home'),
    LANG: 'C.UTF-8',
    USER: 'root',
    TMUX_TMPDIR: join(root, 'tmux'),
    XDG_RUNTIME_DIR: RUNTIME_DIR,
  };
  let inside: Namespaces | undefined;
  try {
    for (const folder of ['home', 'specs', 'tmux', 'units', 'agents']) mkdirSync(join(root, folder), { mode: 0o700 });
    const { script, args, entered } = kind;
    inside = await startNamespaces({ script, args: [root, ...args], env, entered });
    const box = boxOf(kind, root, inside);
    await isUp(box);
    await use(box);
  } finally {
    await inside?.end();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

function boxOf({ flag, program, units }: Kind, root: string, { run, again }: Namespaces): Box {
  const state = join(root, 'st ate %h $HOME');
  const socket = `b${randomBytes(3).toString('hex')}`;
  const unit = `muxlet-${socket}.service`;
  const asAccount = [
    'setpriv',
    `--reuid=${ACCOUNT.name}`,
    `--regid=${ACCOUNT.name}`,
    '--clear-groups',
    'env',
    `HOME=${root}/agents`,
    `USER=${ACCOUNT.name}`,
  ];
  const muxletWords = [...program, '--specs', join(root, 'specs'), '--state', state, '--tmux-socket', socket];
  const must = async (...argv: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...argv);
    if (code !== 0) throw new Error(`${argv.join(' ')}: ${code} ${stderr}${stdout}`);
    return stdout.trim();
  };
  const systemctl = (...args: string[]): Promise<string> => must('systemctl', flag, '--no-pager', ...args);
  const box: Box = {
    root,
    socket,
    state,
    unit,
    run,
    must,
    systemctl,
    muxlet: (...args) => run(...muxletWords, ...args),
    muxletOfAccount: (...args) => run(...asAccount, ...muxletWords, ...args),
    async dropIn(text) {
      const folder = join(root, units, `${unit}.d`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'test.conf'), `[Service]\n${text}\n`);
      await systemctl('daemon-reload');
    },
    show: (of, property) => systemctl('show', of, `--property=${property}`, '--value'),
    async journal() {
      const text = await must('journalctl', '--no-pager', '-o', 'json', '-t', 'muxlet');
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, string>);
    },
    async reboot() {
      await systemctl('reboot');
      await again();
      await isUp(box);
    },
  };
  return box;
}

async function isUp({ systemctl }: Box): Promise<void> {
  await until('its manager is up', () => systemctl('is-system-running').catch(() => undefined), 20_000);
}

/** Has the machine's account for agents read the specs, and write the state. */
export function giveToAccount({ root, state }: Box): void {
  chmodSync(root, 0o755);
  mkdirSync(state);
  for (const folder of [join(root, 'specs'), join(root, 'agents'), join(root, 'tmux'), state]) {
    chownSync(folder, ACCOUNT.id, ACCOUNT.id);
  }
}
