import { execFileSync } from 'node:child_process';
import { type Control, openControl, quote } from './control.ts';
import type { Starts } from './starts.ts';

const ANCHOR = 'anchor';
const SAFETY = ['set-option -s exit-empty off', 'set-option -wg remain-on-exit on'];

/** A tmux server that the measurement rules by itself, with as little as will do: the bound for everybody. */
export interface Raw {
  readonly socket: string;
  control(): Control;
  /** Starts the server, or starts it again, and connects. */
  start(): Promise<void>;
  /** Makes one session a name, all lines sent at once, and waits until tmux has done them. */
  create(sessions: readonly (readonly [string, readonly Window[]])[]): Promise<void>;
  serverPid(): Promise<number>;
  close(): Promise<void>;
}

export interface Window {
  readonly name: string;
  readonly argv: readonly string[];
}

export function createRaw(socket: string, env: Record<string, string>): Raw {
  let control: Control | undefined;

  function present(): Control {
    if (control === undefined) throw new Error('the raw server is not started');
    return control;
  }

  return {
    socket,
    control: present,
    async start() {
      const words = ['-L', socket, '-f', '/dev/null', 'new-session', '-d', '-s', ANCHOR, 'exec sleep 1000000'];
      execFileSync('sh', ['-c', 'ulimit -n "$(ulimit -Hn)"; exec "$@"', 'sh', 'tmux', ...words], { env, cwd: '/' });
      control = await openControl(socket, ANCHOR, env);
      await control.request(SAFETY.join(' ; '));
    },
    async create(sessions) {
      await Promise.all(sessions.map(([name, windows]) => present().request(sessionLine(name, windows))));
    },
    async serverPid() {
      return Number((await present().request(`display-message -p '#{pid}'`))[0]);
    },
    async close() {
      await control?.close();
    },
  };
}

/** One line a session: so many windows, a variable and a directory each, and four options that say whose it is. */
export function sessionLine(name: string, [first, ...others]: readonly Window[]): string {
  if (first === undefined) throw new Error('a session needs a window');
  const options = ['uid', 'project', 'agent', 'hash'].map((word) => `set-option -t =${name}: @${word} ${name}`);
  const more = others.map((window) => `new-window -d -t =${name}: -n ${launch(window)}`);
  return [`new-session -d -s ${name} -x 200 -y 50 -n ${launch(first)}`, ...options, ...more].join(' ; ');
}

function launch({ name, argv }: Window): string {
  return `${name} ${command(argv)}`;
}

export function command(argv: readonly string[]): string {
  return `-c / -e BENCH_NAME=agent -- ${argv.map(quote).join(' ')}`;
}

/** The windows of a session of three, each of which reports its start as `<prefix>/<window>`. */
export function threeWindows(prefix: string, starts: Starts): Window[] {
  return ['a', 'b', 'c'].map((name) => ({ name, argv: starts.agent(`${prefix}/${name}`) }));
}
