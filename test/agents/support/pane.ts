// A program as the only process of a pane of a tmux server of its own, for walks without muxlet.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { eventually } from './eventually.ts';
import { allEnded, treeOf } from './process-tree.ts';

const run = promisify(execFile);

export interface Pane {
  readonly pid: number;
  /** What is on the screen, without colours. */
  readonly screen: () => Promise<string>;
  readonly title: () => Promise<string>;
  /** tmux's name for what is in the foreground. */
  readonly command: () => Promise<string>;
  /** A bracketed paste, 300 ms, Enter. */
  readonly say: (text: string) => Promise<void>;
  readonly press: (...keys: readonly string[]) => Promise<void>;
  /** Resolves with what the screen showed when it matched. */
  readonly shows: (pattern: RegExp, deadlineMs?: number) => Promise<string>;
  /** Resolves with the exit status when the program has ended, as a shell would give it (128 + the signal). */
  readonly ended: (deadlineMs?: number) => Promise<number>;
  /** Ends the tmux server and with it the program. */
  readonly close: () => Promise<void>;
}

export interface PaneOptions {
  readonly argv: readonly string[];
  /** All that the program gets, beside what tmux sets. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

const PASTE_TO_ENTER_MS = 300;

export async function startPane({ argv, env, cwd }: PaneOptions): Promise<Pane> {
  const socket = `agents-${randomBytes(6).toString('hex')}`;
  const tmux = async (...args: readonly string[]) =>
    (await run('tmux', ['-L', socket, '-f', '/dev/null', ...args])).stdout;
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const clean = ['sh', '-c', 'exec env -i TERM="$TERM" TMUX="$TMUX" TMUX_PANE="$TMUX_PANE" "$@"', 'sh', ...variables];
  const size = ['-x', '120', '-y', '40'];
  const keep = [';', 'set-option', '-w', 'remain-on-exit', 'on'];
  const print = ['-P', '-F', '#{pane_id} #{pane_pid}'];
  const started = await tmux('new-session', '-d', ...size, '-c', cwd, ...print, '--', ...clean, ...argv, ...keep);
  const [id = '', pid = ''] = started.trim().split(' ');
  const show = async (format: string) => (await tmux('display-message', '-p', '-t', id, format)).trim();
  const screen = () => tmux('capture-pane', '-p', '-t', id);
  const press = async (...keys: readonly string[]) => void (await tmux('send-keys', '-t', id, ...keys));
  return {
    pid: Number(pid),
    screen,
    title: () => show('#{pane_title}'),
    command: () => show('#{pane_current_command}'),
    press,
    say: async (text) => {
      const buffer = randomBytes(6).toString('hex');
      await tmux('set-buffer', '-b', buffer, '--', text);
      await tmux('paste-buffer', '-p', '-r', '-d', '-b', buffer, '-t', id);
      await new Promise((resolve) => setTimeout(resolve, PASTE_TO_ENTER_MS));
      await press('Enter');
    },
    shows: (pattern, deadlineMs) =>
      eventually(
        async () => {
          const text = await screen();
          return pattern.test(text) ? text : undefined;
        },
        async () => `${pattern} on this screen:\n${await screen()}`,
        deadlineMs,
      ),
    ended: (deadlineMs) =>
      eventually(
        async () => {
          const [dead, status, signal] = (await show('#{pane_dead},#{pane_dead_status},#{pane_dead_signal}')).split(
            ',',
          );
          if (status) return Number(status);
          if (signal) return 128 + Number(signal);
          // A terminal may close before its process ends, and tmux 3.3a then leaves the process a zombie until another
          // child of the server ends (OpenCode 1.18.33, each time): give it one.
          if (dead === '1') await tmux('run-shell', 'true');
          return undefined;
        },
        async () => `the program's end; its screen:\n${await screen()}`,
        deadlineMs,
      ),
    close: async () => {
      const tree = treeOf(Number(pid));
      await tmux('kill-server').catch(() => undefined);
      await allEnded(tree);
    },
  };
}
