import { runCommand } from '../../exec/run-command.ts';
import { runInGroup } from '../../exec/run-in-group.ts';

/** The git of one bare clone of ours, for one look at its repository. */
export interface Git {
  /** Only touches the clone. */
  local(
    args: readonly string[],
    options?: { readonly input?: string; readonly env?: Readonly<Record<string, string>> },
  ): Promise<GitResult>;
  /** Speaks to the repository; whatever it started for that ends with it. */
  remote(args: readonly string[]): Promise<GitResult>;
}

export type GitResult =
  | { readonly type: 'Done'; readonly stdout: string; readonly stderr: string }
  | { readonly type: 'Failed'; readonly message: string }
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
  const left = (): number => Math.max(1, until - steady());
  const argv = (args: readonly string[]): string[] => [`--git-dir=${mirror}`, ...args];

  return {
    async local(args, { input, env: further } = {}) {
      if (signal.aborted) return { type: 'Aborted' };
      const result = await runCommand('git', argv(args), {
        cwd,
        env: { ...env, ...further },
        timeoutMs: left(),
        ...(input !== undefined && { input }),
      });
      if (result.ok) return { type: 'Done', stdout: result.stdout, stderr: result.stderr };
      if (result.timedOut) return { type: 'TimedOut' };
      if (result.startError !== undefined) return notStarted(result.startError);
      return { type: 'Failed', message: lastWords(result.stderr) };
    },
    async remote(args) {
      const result = await runInGroup(['git', ...argv(args)], {
        cwd,
        env,
        timeoutMs: left(),
        signal,
        stdoutBytes: STDOUT_BYTES,
      });
      switch (result.type) {
        case 'Exited':
          if (result.exitCode === 0) return { type: 'Done', stdout: result.stdout ?? '', stderr: result.output };
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
  const text = lines.join('; ').replaceAll(/(\w+:\/\/)[^/\s@]*@/g, '$1');
  // oxlint-disable-next-line no-control-regex -- what a server sends is shown on a terminal
  const printable = text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
  return printable === '' ? 'git said nothing' : printable.slice(-MAX_WORDS);
}
