import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { MAIN, until, type World } from '../support/world.ts';

/** A person's terminal: a shell in a pane of a tmux server of its own. */
export interface Person {
  /** Keys as tmux names them; one after the other, as fingers do. */
  keys(...names: string[]): Promise<void>;
  /** Text as it is. */
  types(text: string): Promise<void>;
  /** What stands on the screen, a line each. */
  screen(): Promise<string[]>;
  /** The same with the escape sequences that colour it. */
  coloured(): Promise<string>;
  /** Waits until the screen holds a text, and gives it. */
  sees(what: string | RegExp): Promise<string>;
  /** What tmux knows of the terminal: alternate screen, cursor, wrapping. */
  terminal(): Promise<string>;
  resize(columns: number, rows: number): Promise<void>;
  /** Pid of what runs in front. */
  inFront(): Promise<number>;
}

export const TOP = `"${process.execPath}" "${MAIN}" top`;

const run = promisify(execFile);

export async function sitDown({ env, root }: World, columns = 80, rows = 24): Promise<Person> {
  const socket = `person-${randomBytes(4).toString('hex')}`;
  const tmux = async (...args: string[]): Promise<string> => {
    const { stdout } = await run('tmux', ['-L', socket, ...args], { env: { ...env, PS1: '$ ' }, cwd: root });
    return stdout;
  };
  await tmux('-f', '/dev/null', 'new-session', '-d', '-x', String(columns), '-y', String(rows), 'exec sh -i');
  // A lone Escape and what follows it must not be taken for one key.
  await tmux('set-option', '-g', 'status', 'off');
  const screen = async (): Promise<string[]> => (await tmux('capture-pane', '-p')).split('\n').slice(0, -1);
  return {
    async keys(...names) {
      for (const name of names) await tmux('send-keys', name);
    },
    async types(text) {
      await tmux('send-keys', '-l', '--', text);
    },
    screen,
    coloured: () => tmux('capture-pane', '-p', '-e'),
    async sees(what) {
      return until(`the screen shows ${what}`, async () => {
        const text = (await screen()).join('\n');
        if (typeof what === 'string' ? text.includes(what) : what.test(text)) return text;
        throw new Error(text);
      });
    },
    terminal: async () => (await tmux('display-message', '-p', '#{alternate_on} #{cursor_flag} #{wrap_flag}')).trim(),
    async resize(toColumns, toRows) {
      await tmux('resize-window', '-x', String(toColumns), '-y', String(toRows));
    },
    async inFront() {
      const shell = (await tmux('display-message', '-p', '#{pane_pid}')).trim();
      const { stdout } = await run('ps', ['-o', 'tpgid=', '-p', shell]);
      return Number(stdout);
    },
  };
}
