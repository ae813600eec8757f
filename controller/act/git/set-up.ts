import type { GitStep } from '../../api/git-verb.ts';
import { type GroupResult, runInGroup } from '../../exec/run-in-group.ts';

export interface SetUpCommand {
  readonly argv: readonly string[];
  /** The work tree. */
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly output: CommandOutput;
  /** Processes of the same command that an earlier controller left behind: two at once would disturb each other. */
  leftBehind(): readonly number[];
}

/** Takes what a command prints. */
export interface CommandOutput {
  write(chunk: Buffer): void;
  /** Once all is written: the last lines, without secrets. */
  close(): Promise<readonly string[]>;
}

/** Names the work tree that a command is setting up, in its environment: so one that outlives us is known again. */
export const SET_UP_MARK = 'MUXLET_SET_UP';

/** Runs the set-up command of a new work tree, in a process group of its own. */
export async function setUp({ argv, path, output, leftBehind, ...options }: SetUpCommand): Promise<GitStep> {
  for (const pid of leftBehind()) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
  const result = await runInGroup(argv, { cwd: path, ...options, onOutput: output.write });
  const tail = await output.close();
  if (result.type === 'Exited' && result.exitCode === 0) return { ok: true };
  const last = tail.at(-1);
  const said = last === undefined ? '' : `: ${last.slice(0, 300)}`;
  return {
    ok: false,
    reason: 'SetUpFailed',
    message: `the set-up command ${describe(result, options.timeoutMs)}${said}`,
  };
}

function describe(result: GroupResult, timeoutMs: number): string {
  switch (result.type) {
    case 'Exited':
      return `exited with ${result.exitCode}`;
    case 'Signalled':
      return `was ended by ${result.signal}`;
    case 'TimedOut':
      return `did not end within ${timeoutMs / 1000} s`;
    case 'Aborted':
      return 'was stopped';
    case 'NotStarted':
      return `could not be started (${result.code})`;
  }
}
