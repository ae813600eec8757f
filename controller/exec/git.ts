import { type CommandResult, runCommand } from './run-command.ts';
import { type GroupResult, runInGroup } from './run-in-group.ts';

export interface GitOptions {
  readonly timeoutMs: number;
  /** Beside what every call has; a name that is given undefined is not set at all. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  /** Without it git writes nothing of its own accord either: a status refreshes no index and takes no lock. */
  readonly mayWrite?: true;
}

/**
 * Whatever a repository or a person has set, git runs no program of theirs on our account: no hooks, no monitor of files,
 * no remote that is a command, no cleaning up in the background that outlives the call; and it leaves submodules alone.
 */
const SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'protocol.ext.allow=never',
  'gc.auto=0',
  'maintenance.auto=false',
  // What stands in a submodule's own folder is never reset with the rest.
  'submodule.recurse=false',
].flatMap((setting) => ['-c', setting]);

/** Says where git finds its settings and how it reaches other machines; the rest would say what it works on. */
const KEPT = /^GIT_(?:CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM)|SSH|SSH_COMMAND|SSH_VARIANT|SSL_.+|PROXY_.+|EXEC_PATH)$/;

/** Nobody is there to answer: a question is a refusal, of git's, of ssh's and of those who keep passwords for them. */
const ASK_NOBODY = {
  GIT_TERMINAL_PROMPT: '0',
  GCM_INTERACTIVE: 'never',
  SSH_ASKPASS: 'false',
  SSH_ASKPASS_REQUIRE: 'force',
};

/**
 * Runs git in a directory to its end. A git that fails is a result, not an exception: tell why by its exit code, and
 * only people by what it prints (which is in English).
 */
export function runGit(
  directory: string,
  args: readonly string[],
  { timeoutMs, env, input, mayWrite }: GitOptions,
): Promise<CommandResult> {
  const locks = mayWrite === true ? {} : { GIT_OPTIONAL_LOCKS: '0' };
  // Git goes there itself: a directory that gives no answer (a dead mount) would keep us while we start a program in it.
  return runCommand('git', ['-C', directory, '--no-pager', ...SETTINGS, ...args], {
    timeoutMs,
    cwd: '/',
    env: { ...gitEnvironment(process.env), ...locks, ...env },
    ...(input !== undefined && { input }),
  });
}

export interface RemoteGitOptions {
  readonly timeoutMs: number;
  readonly env: Readonly<Record<string, string>>;
  /** Ends it, and whatever it started. */
  readonly signal: AbortSignal;
}

/** So much of what git lists of a remote is read, in bytes. */
const STDOUT_BYTES = 1024 * 1024;

/**
 * Runs a git that speaks to another machine: without a terminal, and in a group that ends with it. What git starts for
 * that (ssh, git-remote-https) would outlive a git that was ended, and wait for an answer for as long as it likes.
 */
export async function runRemoteGit(
  directory: string,
  args: readonly string[],
  { timeoutMs, env, signal }: RemoteGitOptions,
): Promise<CommandResult> {
  const argv = ['git', '-C', directory, '--no-pager', ...SETTINGS, ...args];
  const ours = Object.entries({ ...gitEnvironment(process.env), ...env });
  const known = Object.fromEntries(ours.filter((entry): entry is [string, string] => entry[1] !== undefined));
  const options = { cwd: '/', env: known, timeoutMs, signal, graceMs: GRACE_MS, stdoutBytes: STDOUT_BYTES };
  return resultOf(await runInGroup(argv, options));
}

/** Git takes away what it has half made when it is asked to end. Milliseconds. */
const GRACE_MS = 2000;

function resultOf(result: GroupResult): CommandResult {
  const nothing = {
    ok: false,
    stdout: '',
    stderr: '',
    exitCode: undefined,
    signal: undefined,
    timedOut: false,
    startError: undefined,
  };
  switch (result.type) {
    case 'Exited': {
      const { exitCode, output, stdout = '' } = result;
      return { ...nothing, ok: exitCode === 0, exitCode, stdout, stderr: output };
    }
    case 'Signalled':
      return { ...nothing, signal: result.signal, stderr: result.output };
    case 'TimedOut':
      return { ...nothing, timedOut: true, stderr: result.output };
    case 'Aborted':
      return { ...nothing, signal: 'SIGKILL', stderr: 'it was ended, since nobody waits for it any more' };
    case 'NotStarted':
      return { ...nothing, startError: result.code };
  }
}

/** Ours, without what would point git at another repository, index or identity than those it is told. */
export function gitEnvironment(
  ours: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  const kept = Object.entries(ours).filter(([name]) => !name.startsWith('GIT_') || KEPT.test(name));
  return { ...Object.fromEntries(kept), ...ASK_NOBODY, LC_ALL: 'C' };
}
