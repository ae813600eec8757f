import type { Readable, Writable } from 'node:stream';
import { execa } from 'execa';

/** A program that runs beside us and is spoken to over its standard streams. */
export interface Companion {
  readonly pid: number | undefined;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles when the program has ended; never rejects. */
  readonly ended: Promise<{ readonly exitCode: number | undefined; readonly signal: string | undefined }>;
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
  /**
   * Kills it and lets go of its streams: it may have handed them on to somebody who keeps them open (tmux does, to its
   * server), and then `ended` never settles.
   */
  drop(): void;
}

/**
 * Starts a companion. It is not ended with us by a handler of ours: its standard input closes when we go, however we
 * go, and the programs that we keep (tmux -C) end themselves then.
 */
export function keepRunning(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Companion {
  const child = execa(file, args, {
    reject: false,
    buffer: false,
    cleanup: false,
    stdin: 'pipe',
    env: env as Record<string, string>,
    extendEnv: false,
  });
  // A write to a program that has just ended is an event of its end, not an error of ours.
  child.stdin.on('error', () => undefined);
  return {
    pid: child.pid,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    ended: child.then(
      ({ exitCode, signal }) => ({ exitCode, signal }),
      () => ({ exitCode: undefined, signal: undefined }),
    ),
    kill: (signal) => {
      child.kill(signal);
    },
    drop: () => {
      child.kill('SIGKILL');
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
    },
  };
}
