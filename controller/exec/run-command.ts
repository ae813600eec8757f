/**
 * The only room that starts programs, and the keeper of the clock. Programs get an argument array, a deadline and
 * an environment of the caller's making; no command is ever built as a shell string out of data.
 */
import { execa } from 'execa';

export interface CommandOptions {
  readonly timeoutMs: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly input?: string;
  /** An open file of ours that becomes the program's standard input, instead of `input`. */
  readonly stdin?: number;
}

export interface CommandResult {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly timedOut: boolean;
  /** ENOENT and the like, when the program could not be started at all. */
  readonly startError: string | undefined;
}

/** Runs a program to its end. A program that fails is a result, not an exception. */
export async function runCommand(
  file: string,
  args: readonly string[],
  { timeoutMs, env, cwd, input, stdin }: CommandOptions,
): Promise<CommandResult> {
  const result = await execa(file, args, {
    reject: false,
    timeout: timeoutMs,
    forceKillAfterDelay: 500,
    // execa takes any descriptor; its types know only those from 3 to 9, and those only in lists.
    stdin: (stdin as 'inherit' | undefined) ?? (input === undefined ? 'ignore' : 'pipe'),
    ...(env !== undefined && { env: env as Record<string, string>, extendEnv: false }),
    ...(cwd !== undefined && { cwd }),
    ...(input !== undefined && { input }),
  });
  return {
    ok: !result.failed,
    stdout: result.stdout ?? '',
    stderr: result.stderr ?? '',
    exitCode: result.exitCode,
    signal: result.signal,
    timedOut: result.timedOut,
    startError: result.exitCode === undefined && result.signal === undefined ? result.code : undefined,
  };
}
