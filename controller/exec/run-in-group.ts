import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { LONGEST_TIMER_MS } from './clock.ts';

export interface GroupOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** What takes too long is asked to end (TERM) so many milliseconds before it is killed. Default: it is killed at once. */
  readonly graceMs?: number;
  /** Its standard input. Default: none. */
  readonly input?: string;
  /** Told of everything that it prints, as it comes. */
  readonly onOutput?: (chunk: Buffer) => void;
  /** Keeps what it prints on standard output apart, up to so many bytes from the beginning. Default: none is. */
  readonly stdoutBytes?: number;
}

export type GroupResult =
  | {
      readonly type: 'Exited';
      readonly exitCode: number;
      readonly output: string;
      /** Present if `stdoutBytes` asked for it. */
      readonly stdout?: string;
      /** Present with `stdout`: whether that is all of it. It is not if there was more, or if somebody holds the pipe. */
      readonly isWhole?: boolean;
    }
  | { readonly type: 'Signalled'; readonly signal: string; readonly output: string }
  | { readonly type: 'TimedOut'; readonly output: string }
  | { readonly type: 'Aborted' }
  /** ENOENT and the like: it could not be started at all. */
  | { readonly type: 'NotStarted'; readonly code: string };

/** Without pipes where the system had no descriptors left for them; what it says then comes as an error. */
type Child = Pick<ChildProcess, 'pid' | 'once'> &
  Partial<Record<'stdin', Writable | null>> &
  Partial<Record<'stdout' | 'stderr', Readable | null>>;

const OUTPUT_BYTES = 4096;
/** Whoever left the group with our pipe in hand is not waited for, in milliseconds. */
const PIPE_MS = 100;

/**
 * Runs a program in a session and process group of its own, without a terminal. When it ends, or has to, its
 * whole group is killed, so that nothing of it stays behind. Of what it prints the last 4 KiB are kept. Never rejects.
 */
export function runInGroup(
  [file = '', ...args]: readonly string[],
  { cwd, env, timeoutMs, signal, graceMs = 0, input, onOutput, stdoutBytes }: GroupOptions,
): Promise<GroupResult> {
  if (signal.aborted) return Promise.resolve({ type: 'Aborted' });
  // execa would wait for pipes that a program's children hold, and ends the program alone.
  const stdin = input === undefined ? 'ignore' : 'pipe';
  const started = startOr(() => spawn(file, args, { cwd, env, detached: true, stdio: [stdin, 'pipe', 'pipe'] }));
  if ('type' in started) return Promise.resolve(started);
  const child: Child = started;
  return new Promise((resolve) => {
    // A program need not read what it is given.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
    const { pid } = child;
    let output = Buffer.alloc(0);
    let cause: 'TimedOut' | 'Aborted' | undefined;
    const keep = (chunk: Buffer): void => {
      onOutput?.(chunk);
      output = Buffer.concat([output, chunk.subarray(-OUTPUT_BYTES)]).subarray(-OUTPUT_BYTES);
    };
    const stdout: Buffer[] = [];
    let stdoutLeft = stdoutBytes ?? 0;
    const keepApart = (chunk: Buffer): void => {
      if (stdoutLeft > 0) stdout.push(chunk.subarray(0, stdoutLeft));
      stdoutLeft -= chunk.length;
    };
    child.stdout?.on('data', stdoutBytes === undefined ? keep : keepApart);
    child.stderr?.on('data', keep);
    const end = (why: typeof cause): void => {
      cause ??= why;
      signalGroup(pid, 'SIGKILL');
    };
    let timer = setTimeout(
      () => {
        cause ??= 'TimedOut';
        if (graceMs > 0) signalGroup(pid, 'SIGTERM');
        timer = setTimeout(end, graceMs, 'TimedOut');
      },
      Math.min(timeoutMs, LONGEST_TIMER_MS),
    );
    const onAbort = (): void => {
      end('Aborted');
    };
    signal.addEventListener('abort', onAbort, { once: true });

    function settle(result: GroupResult): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      child.stdout?.destroy();
      child.stderr?.destroy();
      child.stdin?.destroy();
      resolve(result);
    }

    child.once('error', (error: NodeJS.ErrnoException) => {
      settle({ type: 'NotStarted', code: error.code ?? 'UNKNOWN' });
    });
    child.once('exit', (exitCode, killedBy) => {
      signalGroup(pid, 'SIGKILL');
      const conclude = (): void => {
        clearTimeout(pipes);
        const result = resultOf(cause, exitCode, killedBy, output.toString('utf8'));
        const isApart = result.type === 'Exited' && stdoutBytes !== undefined;
        const isWhole = child.stdout?.readableEnded === true && stdoutLeft >= 0;
        settle(isApart ? { ...result, stdout: Buffer.concat(stdout).toString('utf8'), isWhole } : result);
      };
      const pipes = setTimeout(conclude, PIPE_MS);
      child.once('close', conclude);
    });
  });
}

/** Some errors of the system come as an event, and others are thrown. */
function startOr(start: () => Child): Child | Extract<GroupResult, { type: 'NotStarted' }> {
  try {
    return start();
  } catch (error) {
    return { type: 'NotStarted', code: (error as NodeJS.ErrnoException).code ?? 'UNKNOWN' };
  }
}

function resultOf(
  cause: 'TimedOut' | 'Aborted' | undefined,
  exitCode: number | null,
  signal: string | null,
  output: string,
): GroupResult {
  if (cause === 'Aborted') return { type: 'Aborted' };
  if (cause === 'TimedOut') return { type: 'TimedOut', output };
  return exitCode === null
    ? { type: 'Signalled', signal: signal ?? 'unknown', output }
    : { type: 'Exited', exitCode, output };
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left in it.
  }
}
