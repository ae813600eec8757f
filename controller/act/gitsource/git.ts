import { toldAddress } from '../../api/told-address.ts';
import { runInGroup } from '../../exec/run-in-group.ts';

/** The git of one bare clone of ours, for one look at its repository. */
export interface Git {
  /** Runs a command of git; whatever it started ends with it. `env` comes on top of the clone's own. */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<GitResult>;
}

export type GitResult =
  | { readonly type: 'Done'; readonly stdout: string; readonly stderr: string }
  | { readonly type: 'Failed'; readonly message: string }
  /** It ended well, and not all that it said was heard: too much, or too late. */
  | { readonly type: 'Cut' }
  | { readonly type: 'TimedOut' }
  | { readonly type: 'Missing' }
  | { readonly type: 'Aborted' };

export interface GitOptions {
  readonly mirror: string;
  /** A folder that is there. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** All of it together may take so long, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Milliseconds, by a clock that nobody sets. */
  readonly steady: () => number;
}

const STDOUT_BYTES = 16 * 1024 * 1024;

export function createGit({ mirror, cwd, env, timeoutMs, signal, steady }: GitOptions): Git {
  const until = steady() + timeoutMs;

  return {
    async run(args, further) {
      const result = await runInGroup(['git', `--git-dir=${mirror}`, ...args], {
        cwd,
        env: { ...env, ...further },
        timeoutMs: Math.max(1, until - steady()),
        signal,
        stdoutBytes: STDOUT_BYTES,
      });
      switch (result.type) {
        case 'Exited':
          if (result.exitCode === 0 && result.isWhole === true) {
            return { type: 'Done', stdout: result.stdout ?? '', stderr: result.output };
          }
          // Half a list of files would be taken for a commit that has removed the others.
          if (result.exitCode === 0) return { type: 'Cut' };
          return { type: 'Failed', message: lastWords(result.output) };
        case 'Signalled':
          return { type: 'Failed', message: `git was ended by ${result.signal}` };
        case 'TimedOut':
          return { type: 'TimedOut' };
        case 'Aborted':
          return { type: 'Aborted' };
        case 'NotStarted':
          return notStarted(result.code);
      }
    },
  };
}

function notStarted(code: string): GitResult {
  return code === 'ENOENT' ? { type: 'Missing' } : { type: 'Failed', message: `git could not be started (${code})` };
}

const MAX_WORDS = 600;

/** What git said, in one line; of an address no password. */
function lastWords(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const text = toldAddress(lines.join('; '));
  // oxlint-disable-next-line no-control-regex -- what a server sends is shown on a terminal
  const printable = text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
  return printable === '' ? 'git said nothing' : printable.slice(-MAX_WORDS);
}
